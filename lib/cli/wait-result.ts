import type { ReadyReport } from "../ready/target.ts";
import { exitCodes, type CommandResult } from "./context.ts";
import { counted } from "./output/counted.ts";

/** What a wait came to, for the user. */
export function waitResult({ ready, interrupted, sandboxes, diagnostics }: ReadyReport): CommandResult {
  const failed = sandboxes.filter(({ state }) => state === "failed");
  return {
    exitCode: interrupted ? exitCodes.interrupted : ready ? exitCodes.done : exitCodes.notReady,
    diagnostics,
    text: ready ? `${counted(sandboxes.length, "sandbox", "sandboxes")} ready.\n` : undefined,
    document: {
      ok: ready,
      interrupted,
      notReady: failed.map(({ sandbox }) => sandbox),
      sandboxes: sandboxes.map(({ sandbox, state, elapsed }) => ({ sandbox, state, elapsed })),
    },
  };
}
