import type { ChildProcess } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";

/**
 * How a caller stops a running Terraform. Two signals, because the second step loses data and must be asked for.
 *
 * @example
 * const [stop, force] = [new AbortController(), new AbortController()];
 * process.on("SIGINT", () => (stop.signal.aborted ? askThen(() => force.abort()) : stop.abort()));
 * await terraform.apply({ interrupts: { stop: stop.signal, force: force.signal } });
 */
export interface Interrupts {
  /** Forwards one SIGINT: Terraform starts nothing new, waits for what is under way, and saves the state. Never sent twice. */
  readonly stop?: AbortSignal;
  /**
   * Sends the second SIGINT, at which Terraform exits at once: what is under way may exist without being in the state.
   * A Terraform that is still there after five seconds is killed.
   */
  readonly force?: AbortSignal;
}

/** How long a Terraform may take to exit after the second interrupt, in milliseconds. */
const patience = 5000;

/** How far apart two interrupts must be to be two, in milliseconds: the kernel merges equal signals that wait. */
const gap = 100;

async function forceEnd(child: ChildProcess, ended: AbortSignal): Promise<void> {
  await delay(gap, undefined, { signal: ended });
  child.kill("SIGINT");
  await delay(patience, undefined, { signal: ended });
  child.kill("SIGKILL");
}

/**
 * Forwards interrupts to Terraform itself, never to its process group: providers must live to finish what they do.
 *
 * @returns how to stop listening, and whether anything was forwarded
 */
export function forwardInterrupts(
  child: ChildProcess,
  { stop, force }: Interrupts,
): { readonly forwarded: () => boolean; readonly end: () => void } {
  let forwarded = false;
  const ended = new AbortController();
  const onStop = () => {
    if (forwarded) return;
    forwarded = true;
    child.kill("SIGINT");
  };
  const onForce = () => {
    onStop();
    forceEnd(child, ended.signal).catch((error: unknown) => {
      // Only the abort rejects: Terraform has ended by itself.
      if (!ended.signal.aborted) throw error;
    });
  };
  for (const [signal, listener] of [[stop, onStop] as const, [force, onForce] as const]) {
    if (signal?.aborted) listener();
    else signal?.addEventListener("abort", listener, { once: true });
  }
  return {
    forwarded: () => forwarded,
    end: () => {
      ended.abort();
      stop?.removeEventListener("abort", onStop);
      force?.removeEventListener("abort", onForce);
    },
  };
}
