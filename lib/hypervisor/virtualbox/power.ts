import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import type { ShutdownResult } from "../hypervisor.ts";
import { fulfilAutostart } from "./autostart.ts";
import { isMissing } from "./files.ts";
import { readView, type VirtualBox } from "./host.ts";
import { consolePath } from "./layout.ts";
import { requireMachine, runningStates } from "./list-sandboxes.ts";
import type { Machine } from "./machine-file.ts";
import { nextStepFor } from "./next-step.ts";
import { classifyVBoxManageError } from "./vboxmanage-error.ts";

/** The device of VirtualBox's kernel driver; other systems have none to look at. */
const driverDevice = "/dev/vboxdrv";

export async function startSandbox(box: VirtualBox, id: string): Promise<void> {
  const { machine } = await requireMachine(box, id);
  const state = (await runningStates(box)).get(id);
  if (state !== undefined && !/paused/.test(state)) return;
  if (state !== undefined) {
    await box.vbox.tryRun(["controlvm", id, "resume"], ["OBJECT_ALREADY_SO"], { machine: id });
    return;
  }
  await fulfilAutostart(box, machine);
  try {
    await box.vbox.run(["startvm", id, "--type", "headless"], { machine: id });
  } catch (error) {
    // Another process may have been faster.
    if ((await runningStates(box)).has(id)) return;
    throw error instanceof DiagnosticError ? await explainStart(error, machine) : error;
  }
}

/**
 * Why a start failed. VBoxManage says "terminated unexpectedly" for everything, also where the kernel driver is missing, so the host is asked first and the machine's own log second.
 *
 * @param hasDriver false if the driver's device is not there on a system that has one
 */
export async function explainStart(
  error: DiagnosticError,
  { name, file }: Pick<Machine, "name" | "file">,
  hasDriver: boolean = process.platform !== "linux" || existsSync(driverDevice),
): Promise<DiagnosticError> {
  const [said] = error.diagnostics;
  const log = await tail(join(dirname(file), "Logs", "VBox.log"));
  const code = hasDriver ? classifyVBoxManageError(`${said?.detail ?? ""}\n${log}`) : "DRIVER_MISSING";
  const summaries: Readonly<Record<string, string>> = {
    DRIVER_MISSING: `sandbox "${name}" cannot start: VirtualBox's kernel driver is not loaded on this machine${hasDriver ? "" : ` (there is no ${driverDevice})`}`,
    VIRTUALIZATION_IN_USE: `sandbox "${name}" cannot start: another hypervisor has the processor's virtualization`,
    KVM_UNAVAILABLE: `sandbox "${name}" cannot start: this machine offers no hardware virtualization`,
  };
  return new DiagnosticError(
    {
      code,
      severity: "error",
      summary: summaries[code] ?? `sandbox "${name}" cannot start: ${said?.summary ?? ""}`,
      detail: [said?.detail, log].filter(Boolean).join("\n"),
      nextStep: nextStepFor(code),
    },
    { cause: error },
  );
}

export async function powerOffSandbox(box: VirtualBox, id: string): Promise<void> {
  await box.vbox.tryRun(["controlvm", id, "poweroff"], ["OBJECT_ALREADY_SO", "OBJECT_NOT_FOUND"], { machine: id });
  await untilUnlocked(box, id);
}

export async function shutdownSandbox(box: VirtualBox, id: string, timeout: number): Promise<ShutdownResult> {
  if (!(await runningStates(box)).has(id)) return "already-off";
  const deadline = Date.now() + timeout;
  let asked = 0;
  while (Date.now() < deadline) {
    // A guest that is still booting does not hear the button: press it again.
    if (Date.now() - asked > 10_000) {
      asked = Date.now();
      await box.vbox.tryRun(["controlvm", id, "acpipowerbutton"], ["OBJECT_ALREADY_SO", "CHANGE_NEEDS_STOP", "HYPERVISOR_FAILED"], {
        machine: id,
      });
    }
    await sleep(250);
    if (!(await runningStates(box)).has(id)) {
      await untilUnlocked(box, id);
      return "shutdown";
    }
  }
  await powerOffSandbox(box, id);
  return "power-cut";
}

/** The guest is not asked: VirtualBox has only the reset button without Guest Additions. */
export async function rebootSandbox(box: VirtualBox, id: string): Promise<void> {
  await requireMachine(box, id);
  await box.vbox.run(["controlvm", id, "reset"], { machine: id });
}

/** Its process is still there for a moment after the power went, and holds the machine. */
async function untilUnlocked(box: VirtualBox, id: string): Promise<void> {
  for (let tries = 0; tries < 100 && (await runningStates(box)).has(id); tries += 1) await sleep(100);
}

/** Forgets the console of a sandbox that is no more. */
export async function removeConsole(box: VirtualBox, id: string): Promise<void> {
  await rm(consolePath(box.layout, id), { force: true });
}

export async function isThere(box: VirtualBox, id: string): Promise<boolean> {
  return (await readView(box)).machines.some((machine) => machine.id === id);
}

async function tail(path: string): Promise<string> {
  try {
    const lines = (await readFile(path, "latin1")).split(/\r?\n/).filter((line) => /VERR_|rc=-|Error|failed/i.test(line));
    return lines.slice(-15).join("\n");
  } catch (error) {
    if (isMissing(error)) return "";
    throw error;
  }
}
