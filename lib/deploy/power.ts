import pLimit from "p-limit";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { endSharedConnection } from "./end-shared-connection.ts";
import type { ShutdownResult } from "../hypervisor/hypervisor.ts";
import type { Deployed, DeployedSandbox } from "./deployed.ts";
import { presentSandbox, type PresentSandbox } from "./one-sandbox.ts";
import type { OnProgress } from "./progress.ts";

export interface PowerOptions {
  /** Cuts the power instead of a shutdown. @default false */
  readonly force?: boolean;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** What became of one sandbox. */
export interface PowerResult {
  readonly sandbox: string;
  readonly action: "started" | "already-on" | "shutdown" | "power-cut" | "already-off";
}

/** A host shuts down many guests as fast as a few, but starting many at once makes each slow. */
const concurrency = 8;

/**
 * Starts them, several at once.
 *
 * @throws DiagnosticError with everything that went wrong, after all were tried
 */
export async function startSandboxes(
  deployed: Deployed,
  selected: readonly DeployedSandbox[],
  { onProgress, signal }: PowerOptions = {},
): Promise<PowerResult[]> {
  return await forEach(deployed, selected, signal, async ({ sandbox, host, record }) => {
    if (record.state === "running") return { sandbox: sandbox.name, action: "already-on" };
    onProgress?.({ kind: "sandbox", sandbox: sandbox.name, text: "starting", done: false });
    await host.hypervisor.start(record.id);
    onProgress?.({ kind: "sandbox", sandbox: sandbox.name, text: "started", done: true });
    return { sandbox: sandbox.name, action: "started" };
  });
}

/**
 * Shuts them down, several at once, and waits until they are off; power is cut after each one's `timeouts.shutdown`.
 *
 * @throws DiagnosticError with everything that went wrong, after all were tried
 */
export async function stopSandboxes(
  deployed: Deployed,
  selected: readonly DeployedSandbox[],
  { force = false, onProgress, signal }: PowerOptions = {},
): Promise<PowerResult[]> {
  return await forEach(deployed, selected, signal, async ({ sandbox, host, record: { id, state } }) => {
    if (state === "off") return { sandbox: sandbox.name, action: "already-off" };
    onProgress?.({ kind: "sandbox", sandbox: sandbox.name, text: force ? "cutting its power" : "shutting down", done: false });
    await endSharedConnection(deployed.sshConfig, sandbox.name);
    let action: ShutdownResult = "power-cut";
    if (force) await host.hypervisor.powerOff(id);
    else action = await host.hypervisor.shutdown(id, { timeout: sandbox.timeouts.shutdown });
    onProgress?.({ kind: "sandbox", sandbox: sandbox.name, text: words[action], done: true });
    return { sandbox: sandbox.name, action };
  });
}

const words = { shutdown: "shut down", "power-cut": "power cut", "already-off": "was off already" } as const;

async function forEach(
  deployed: Deployed,
  selected: readonly DeployedSandbox[],
  signal: AbortSignal | undefined,
  act: (one: PresentSandbox) => Promise<PowerResult>,
): Promise<PowerResult[]> {
  const limit = pLimit(concurrency);
  const problems: Diagnostic[] = [];
  const results = await limit.map(selected, async (one) => {
    signal?.throwIfAborted();
    try {
      return [await act(await presentSandbox(deployed, one))];
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      problems.push(...error.diagnostics);
      return [];
    }
  });
  if (problems.length > 0) throw new DiagnosticError(problems);
  return results.flat();
}
