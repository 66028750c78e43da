import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { consoleLines, consoleSign, signMeanings } from "./console-signs.ts";
import type { WatchedHost } from "./host-watch.ts";
import type { WaitContext } from "./wait-context.ts";

/** Bytes: far more than the last lines have. */
export const consoleTail = 128 * 1024;

/** What a sandbox's console says against its ever booting. */
export async function checkConsole(
  { target, redact }: Pick<WaitContext, "target" | "redact">,
  id: string,
): Promise<Diagnostic | undefined> {
  const console = await readConsoleIfPossible(target.hypervisor, id);
  const sign = console && consoleSign(consoleLines(console, 50));
  if (!sign) return undefined;
  return {
    code: "GUEST_CANNOT_BOOT",
    severity: "error",
    summary: `sandbox "${target.sandbox.name}" cannot boot: ${signMeanings[sign.kind]}`,
    detail: redact(sign.line),
    nextStep: `Read its console: "terrarium logs ${target.sandbox.name}". Then look whether image "${target.sandbox.image}" boots anywhere else.`,
  };
}

/** A console that cannot be read tells nothing; it is no reason to stop waiting. */
async function readConsoleIfPossible(hypervisor: WatchedHost, id: string): Promise<Uint8Array | undefined> {
  try {
    return await hypervisor.readConsoleTail(id, consoleTail);
  } catch (error) {
    if (error instanceof DiagnosticError) return undefined;
    throw error;
  }
}
