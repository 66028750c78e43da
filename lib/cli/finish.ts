import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "./context.ts";

/**
 * Runs an action and shows what came of it: diagnostics on stderr, the result on stdout.
 *
 * @returns the exit code
 */
export async function finish(context: CommandContext, options: CommonOptions, action: () => Promise<CommandResult>): Promise<number> {
  const result = await settle(action);
  const diagnostics = result.diagnostics ?? [];
  if (options.json && !result.foreignForm) {
    const document = result.document ?? { ok: result.exitCode === exitCodes.done };
    context.stdout.write(`${JSON.stringify(withDiagnostics(document, diagnostics), null, 2)}\n`);
    return result.exitCode;
  }
  if (diagnostics.length > 0) {
    const { renderDiagnostics } = await import("./output/diagnostics.ts");
    context.stderr.write(renderDiagnostics(diagnostics, { color: colorful(context), width: context.stderr.columns }));
  }
  if (result.text !== undefined) context.stdout.write(result.text);
  return result.exitCode;
}

/** True if stderr is a terminal and the user did not ask for none (https://no-color.org). */
export function colorful({ stderr, env }: CommandContext): boolean {
  return stderr.isTTY === true && !env["NO_COLOR"] && env["TERM"] !== "dumb";
}

async function settle(action: () => Promise<CommandResult>): Promise<CommandResult> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof DiagnosticError) return { exitCode: exitCodeOf(error.diagnostics), diagnostics: error.diagnostics };
    const refused = systemRefusal(error);
    if (refused) return { exitCode: exitCodes.error, diagnostics: [refused] };
    return { exitCode: exitCodes.error, diagnostics: [unexpected(error)] };
  }
}

/** A command that the user has stopped has not failed. */
function exitCodeOf(diagnostics: readonly Diagnostic[]): number {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  return errors.length > 0 && errors.every(({ code }) => code === "INTERRUPTED") ? exitCodes.interrupted : exitCodes.error;
}

const reasons: Readonly<Record<string, readonly [reason: string, nextStep: string]>> = {
  EACCES: ["permission denied", "Run it as the user who owns that file or folder, or as root (sudo)."],
  EPERM: ["not permitted", "Run it as the user who owns that file or folder, or as root (sudo)."],
  EROFS: ["the file system is read-only", "Work in a folder that can be written to."],
  ENOSPC: ["no space left on the device", "Free some space and run it again: what is half-made is healed then."],
  EDQUOT: ["the disk quota is used up", "Free some space and run it again: what is half-made is healed then."],
  ENOENT: ["there is no such file or folder", "Check the path, or make the folder first."],
  ENOTDIR: ["a part of the path is no folder", "Check the path."],
  EISDIR: ["it is a folder", "Name a file, not a folder."],
  EEXIST: ["it is there already", "Take another name, or remove it first."],
  ENAMETOOLONG: ["the name is too long", "Take a shorter one."],
};

/** What the operating system says about a file is no bug of ours. */
function systemRefusal(error: unknown): Diagnostic | undefined {
  if (!(error instanceof Error) || !("code" in error) || !("syscall" in error)) return undefined;
  const [reason, nextStep] = reasons[String(error.code)] ?? [];
  if (reason === undefined || String(error.syscall).startsWith("spawn")) return undefined;
  // Writing to an open file names no path.
  const where = "path" in error ? `${String(error.path)}: ` : "";
  return { code: "SYSTEM_REFUSED", severity: "error", summary: `${where}${reason} (${String(error.syscall)})`, nextStep };
}

function unexpected(error: unknown): Diagnostic {
  return {
    code: "UNEXPECTED",
    severity: "error",
    summary: `Terrarium met something it did not expect: ${error instanceof Error ? error.message : String(error)}`,
    detail: error instanceof Error ? error.stack : undefined,
    nextStep: "This is a bug in Terrarium. Please report it with the text above.",
  };
}

function withDiagnostics(document: unknown, diagnostics: readonly Diagnostic[]): unknown {
  if (diagnostics.length === 0) return document;
  return typeof document === "object" && document !== null && !Array.isArray(document)
    ? { ...document, diagnostics }
    : { result: document, diagnostics };
}
