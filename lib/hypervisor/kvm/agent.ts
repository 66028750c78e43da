import { setTimeout as sleep } from "node:timers/promises";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import type { GuestResult } from "../hypervisor.ts";
import { classifyVirshError } from "./virsh-error.ts";
import type { Virsh } from "./virsh.ts";

const chunk = 48 * 1024;

/** One command of the QEMU guest agent's protocol; its `return` value. */
async function ask(virsh: Virsh, id: string, execute: string, args: Record<string, unknown>): Promise<unknown> {
  try {
    const answer: unknown = JSON.parse(await virsh.run(["qemu-agent-command", id, JSON.stringify({ execute, arguments: args })]));
    return (answer as { return?: unknown }).return;
  } catch (error) {
    // What the agent itself refuses (no such file, no such program) is no fault of libvirt's.
    const known = error instanceof DiagnosticError ? error.diagnostics[0] : undefined;
    if (!known || classifyVirshError(known.detail ?? "") !== "HYPERVISOR_FAILED") throw error;
    throw new DiagnosticError(
      {
        code: "GUEST_COMMAND_FAILED",
        severity: "error",
        summary: `the guest agent refused ${execute}: ${known.summary.replace(/^.*unable to execute QEMU agent command '[^']*': /, "")}`,
        nextStep: "Check the path or the program inside the sandbox (`terrarium ssh NAME`).",
      },
      { cause: error },
    );
  }
}

export async function readGuestFile(virsh: Virsh, id: string, path: string, maxBytes: number): Promise<Buffer> {
  const handle = await ask(virsh, id, "guest-file-open", { path, mode: "r" });
  try {
    const parts: Buffer[] = [];
    for (let size = 0; ;) {
      const part = (await ask(virsh, id, "guest-file-read", { handle, count: chunk })) as { "buf-b64": string; eof: boolean };
      const bytes = Buffer.from(part["buf-b64"], "base64");
      parts.push(bytes);
      size += bytes.length;
      if (size > maxBytes) throw tooLarge(path, maxBytes);
      if (part.eof) return Buffer.concat(parts);
    }
  } finally {
    await ask(virsh, id, "guest-file-close", { handle });
  }
}

export async function execInGuest(virsh: Virsh, id: string, [path = "", ...arg]: readonly string[], timeout: number): Promise<GuestResult> {
  const started = (await ask(virsh, id, "guest-exec", { path, arg, "capture-output": true })) as { pid: number };
  const deadline = Date.now() + timeout;
  for (let pause = 50; ; pause = Math.min(pause * 2, 1000)) {
    // The result can be read only once, by whoever sees `exited` first: here.
    const status = (await ask(virsh, id, "guest-exec-status", { pid: started.pid })) as {
      exited: boolean;
      exitcode?: number;
      signal?: number;
      "out-data"?: string;
      "err-data"?: string;
    };
    if (status.exited) {
      return {
        exitCode: status.exitcode ?? 128 + (status.signal ?? 0),
        stdout: Buffer.from(status["out-data"] ?? "", "base64").toString("utf8"),
        stderr: Buffer.from(status["err-data"] ?? "", "base64").toString("utf8"),
      };
    }
    if (Date.now() > deadline) {
      throw new DiagnosticError({
        code: "GUEST_TIMEOUT",
        severity: "error",
        summary: `${path} did not end within ${timeout / 1000} s in the sandbox; it still runs there`,
        nextStep: "Give it more time, or look at it with `terrarium ssh NAME`.",
      });
    }
    await sleep(pause);
  }
}

function tooLarge(path: string, maxBytes: number): DiagnosticError {
  return new DiagnosticError({
    code: "OUT_OF_RANGE",
    severity: "error",
    summary: `${path} in the sandbox is larger than ${maxBytes} bytes`,
    nextStep: "Copy it with `terrarium cp` instead.",
  });
}
