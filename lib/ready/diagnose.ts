import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import type { NicCounters, SandboxRecord } from "../hypervisor/hypervisor.ts";
import { readCloudInitStatus } from "./cloud-init-status.ts";
import { consoleTail } from "./check-console.ts";
import { consoleLines, consoleSign } from "./console-signs.ts";
import type { FailureBundle } from "./failure-bundle.ts";
import type { GuestAccess } from "./guest-access.ts";
import { isSameMac } from "../lab/plan/deployment-mac.ts";
import { hasOpenAddress } from "./nic-addresses.ts";
import { HostWatch, type NicAddress } from "./host-watch.ts";
import { hintsFor } from "./hints.ts";
import { systemClock } from "./clock.ts";
import { readCloudInit, readFileThroughAgent } from "./read-cloud-init.ts";
import type { ReadyState, ReadyTarget } from "./target.ts";

export interface DiagnoseOptions {
  readonly guest: GuestAccess;
  readonly signal: AbortSignal;
  readonly redact: (text: string) => string;
  readonly cause?: Diagnostic;
  readonly reached?: ReadyState;
  readonly elapsed?: number;
}

const consoleLength = 50;
const outputLength = 30;
const outputLog = "/var/log/cloud-init-output.log";

/** Collects what is known of a sandbox that is not ready. Never rejects for what cannot be looked at: that is part of the answer. */
export async function collectBundle(target: ReadyTarget, options: DiagnoseOptions): Promise<FailureBundle> {
  const { hypervisor, nameOnHost, sandbox, accelerator } = target;
  const { redact, cause, reached, elapsed } = options;
  const unread: string[] = [];
  const look = async <T>(what: string, read: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      unread.push(redact(`${what}: ${error.diagnostics.map(({ summary }) => summary).join("; ")}`));
      return undefined;
    }
  };
  // What was seen while waiting is too old by now.
  const watch = new HostWatch(hypervisor, systemClock);
  const machine = await look("state", async () => await watch.read(nameOnHost));
  const running = machine?.state === "running" ? machine : undefined;
  const [console, addresses, counters] = await Promise.all([
    machine && look("console", async () => await hypervisor.readConsoleTail(machine.id, consoleTail)),
    running && look("addresses", async () => await watch.addresses(running, hasOpenAddress(target.sandbox))),
    running && look("NIC counters", async () => await watch.counters(running)),
  ]);
  // A guest that nobody has logged in to and that has no agent is not asked once more: that would only take the time of a login.
  const canAsk = machine?.agent === "connected" || reached === "ssh" || reached === "cloud-init" || reached === "probes";
  const cloudInit =
    running && sandbox.seed !== "none" && canAsk
      ? await look("cloud-init", async () => await readInside(target, running, options))
      : undefined;
  // As one text: a secret may be split over lines.
  const lines =
    console &&
    redact(consoleLines(console, consoleLength).join("\n"))
      .split("\n")
      .filter((line) => line !== "");
  const sign = lines && consoleSign(lines);
  const bundle: Omit<FailureBundle, "hints"> = {
    format: 1,
    sandbox: sandbox.name,
    nameOnHost,
    cause,
    reached,
    elapsed: elapsed === undefined ? undefined : Math.round(elapsed),
    accelerator,
    machine: machine && machineOf(machine),
    nics: nicsOf(target, addresses ?? [], counters ?? []),
    agent: running?.agent,
    console: lines && { lines, sign },
    cloudInit,
    unread,
  };
  return { ...bundle, hints: hintsFor(bundle, sandbox) };
}

function machineOf({ state, reason, cpus, memoryBytes, disks, consoleLog }: SandboxRecord): NonNullable<FailureBundle["machine"]> {
  return { state, reason, cpus, memoryBytes, disks, consoleLog };
}

function nicsOf({ sandbox }: ReadyTarget, addresses: readonly NicAddress[], counters: readonly NicCounters[]): FailureBundle["nics"] {
  return sandbox.nics.map(({ network, name, mac, address, addressing }) => {
    const counter = counters.find((candidate) => isSameMac(mac, candidate.mac));
    return {
      network,
      name,
      mac,
      expected: address ?? null,
      addressing,
      addresses: addresses.filter((found) => isSameMac(mac, found.mac)).map(({ address, source }) => ({ address, source })),
      sent: counter?.txBytes,
      received: counter?.rxBytes,
    };
  });
}

/** What cloud-init says inside the guest. */
async function readInside(
  target: ReadyTarget,
  running: SandboxRecord,
  { guest, signal, redact }: DiagnoseOptions,
): Promise<FailureBundle["cloudInit"]> {
  const timeout = target.accelerator === "tcg" ? 60_000 : 20_000;
  const view = await readCloudInit({ target, guest, signal }, running, timeout);
  if ("unseen" in view) throw new DiagnosticError(view.unseen);
  const { files } = view;
  const { errors, warnings, deprecations, ...status } = readCloudInitStatus(files);
  return {
    ...status,
    errors: errors.map(redact),
    warnings: warnings.map(redact),
    deprecations: deprecations.map(redact),
    installed: files.installed,
    disabled: files.disabled,
    instanceId: files.instanceId,
    output: files.installed ? await readOutput(target, running, { guest, signal, redact }, timeout) : [],
  };
}

/** The log belongs to root: sudo reads its end; where that may not, the agent reads all of it, up to 1 MiB. */
async function readOutput(
  { hypervisor }: ReadyTarget,
  running: SandboxRecord,
  { guest, signal, redact }: Pick<DiagnoseOptions, "guest" | "signal" | "redact">,
  timeout: number,
): Promise<string[]> {
  const { exitCode, stdout } = await guest.run(`sudo -n tail -n ${outputLength} ${outputLog}`, { timeout, signal });
  const byAgent = exitCode !== 0 && running.agent === "connected";
  const text = byAgent ? await readFileThroughAgent(hypervisor, running.id, outputLog) : stdout;
  return redact(text ?? "")
    .split(/\r?\n/)
    .filter((line) => line !== "")
    .slice(-outputLength);
}
