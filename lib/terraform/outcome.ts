import { open, stat } from "node:fs/promises";
import { hasErrors, type Diagnostic } from "../diagnostics/diagnostic.ts";
import type { ChangeSummaryEvent, TerraformEvent } from "./event.ts";
import { parseHumanErrors } from "./human-error.ts";
import { parseProviderConstraint } from "./missing-provider.ts";
import { parseEvent } from "./parse-event.ts";
import type { RawDiagnostic } from "./raw-diagnostic.ts";
import type { RunResult } from "./run.ts";
import type { TerraformDiagnostic } from "./terraform-diagnostic.ts";
import { translate } from "./translate.ts";

/** How a command of the engine ended. Failures are told by diagnostics, not thrown: the caller maps them to the lab first. */
export interface Outcome {
  /** True if Terraform did all that was asked. */
  readonly ok: boolean;
  /** True if an interrupt was forwarded, or came before the start. Terraform may have finished all the same: see `ok`. */
  readonly interrupted: boolean;
  readonly diagnostics: readonly TerraformDiagnostic[];
  /** The last counts that Terraform gave. */
  readonly summary?: ChangeSummaryEvent;
  /** Absolute path of the event stream. */
  readonly log: string;
}

/** Collects what one run says, line by line. */
export class OutcomeCollector {
  #raws: RawDiagnostic[] = [];
  #constraints = new Map<string, string>();
  #summary: ChangeSummaryEvent | undefined;
  #otherLines: string[] = [];
  readonly #onEvent: ((event: TerraformEvent) => void) | undefined;

  constructor(onEvent?: (event: TerraformEvent) => void) {
    this.#onEvent = onEvent;
  }

  add(line: string): void {
    const event = parseEvent(line);
    if (!event) {
      if (line.trim() !== "") this.#otherLines.push(line);
      return;
    }
    if (event.type === "diagnostic") this.#raws.push(event.diagnostic);
    if (event.type === "change_summary") this.#summary = event;
    const constraint = event.type === "log" ? parseProviderConstraint(event.message) : undefined;
    if (constraint) this.#constraints.set(...constraint);
    this.#onEvent?.(event);
  }

  /** @param okCodes exit codes that mean success: `plan -detailed-exitcode` has two */
  async finish(result: RunResult, okCodes: readonly number[] = [0]): Promise<Outcome> {
    const ok = result.exitCode !== undefined && okCodes.includes(result.exitCode);
    const stderr = await readEnd(result.errorLog);
    // Commands without -json tell their errors there. After a success it holds at most Terraform's debug log.
    const raws = ok ? this.#raws : [...this.#raws, ...parseHumanErrors(stderr).filter(({ severity }) => severity === "error")];
    const told = translate(
      // An interrupt is told by `interrupted`: these two only say that it arrived.
      raws.filter(({ summary }) => !(result.interrupted && /^(execution halted|operation canceled)$/i.test(summary))),
      { constraints: this.#constraints, log: result.log },
    );
    const silent = !ok && !result.interrupted && !hasErrors(told.map(({ diagnostic }) => diagnostic));
    const diagnostics = silent ? [...told, { diagnostic: this.#describeSilence(result, stderr) }] : told;
    return { ok, interrupted: result.interrupted, diagnostics, summary: this.#summary, log: result.log };
  }

  /** A failure without a diagnostic: killed, or a panic of the engine. */
  #describeSilence({ exitCode, signal, log }: RunResult, stderr: string): Diagnostic {
    const words = [...this.#otherLines, stderr.trim()].filter((part) => part !== "").join("\n");
    return {
      code: "TERRAFORM_ERROR",
      severity: "error",
      summary: signal ? `Terraform was ended by ${signal}` : `Terraform ended with exit code ${exitCode} and without an explanation`,
      detail: words === "" ? undefined : words,
      nextStep: `Try again. Everything Terraform said is in ${log}; TF_LOG=debug says more.`,
    };
  }
}

/** The last 16 KiB of a file: with TF_LOG Terraform's standard error is long, and errors come last. Empty if there is no file. */
async function readEnd(path: string): Promise<string> {
  const limit = 16 * 1024;
  try {
    const { size } = await stat(path);
    const file = await open(path, "r");
    try {
      const { buffer, bytesRead } = await file.read(
        Buffer.alloc(Math.min(size, limit)),
        0,
        Math.min(size, limit),
        Math.max(0, size - limit),
      );
      return buffer.toString("utf8", 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}
