import { setTimeout as sleep } from "node:timers/promises";
import type { PresentSandbox } from "./one-sandbox.ts";

/** A console log longer than this is read from its end. */
const longest = 64 * 2 ** 20;

/**
 * What a sandbox's serial console has said, raw.
 *
 * @throws DiagnosticError CONSOLE_UNREADABLE if this machine or user cannot read it
 */
export async function readConsoleLog({ host, record }: PresentSandbox): Promise<Uint8Array> {
  return await host.hypervisor.readConsoleTail(record.id, longest);
}

export interface FollowOptions {
  /** How much of it is known already. */
  readonly from: number;
  readonly signal: AbortSignal;
  /** Milliseconds between two looks. @default 500 */
  readonly interval?: number;
}

/** Hands on what the console says from now, until the signal ends it. A sandbox that is started anew begins a new log: that is given from its start. */
export async function followConsoleLog(
  one: PresentSandbox,
  onOutput: (bytes: Uint8Array) => void,
  { from, signal, interval = 500 }: FollowOptions,
): Promise<void> {
  let known = from;
  while (!signal.aborted) {
    const bytes = await readConsoleLog(one);
    if (bytes.length < known) known = 0;
    if (bytes.length > known) onOutput(bytes.subarray(known));
    known = bytes.length;
    try {
      await sleep(interval, undefined, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}
