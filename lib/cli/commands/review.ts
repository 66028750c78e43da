import { readVariables } from "../../deploy/open-lab.ts";
import { reviewRepository } from "../../deploy/review/review-repository.ts";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import type { Review } from "../../review/review.ts";
import { hasChanges } from "../../review/summary.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";
import { renderForm, reviewForms, type ReviewForm } from "../output/review-forms.ts";

interface Options extends CommonOptions {
  readonly base?: string;
  readonly head?: string;
  readonly format?: string;
  readonly detailedExitcode?: boolean;
}

/** `terrarium review [files...]` */
export async function run(context: CommandContext, files: readonly string[], options: Options): Promise<CommandResult> {
  const form = formOf(options);
  const named = [...files, ...(options.file === undefined ? [] : [options.file])];
  const { cwd, env } = context;
  const { review } = await reviewRepository({
    ...{ cwd, env, base: options.base ?? "origin/HEAD" },
    ...(options.head !== undefined && { head: options.head }),
    ...(named.length > 0 && { files: named }),
    variables: await readVariables({ cwd, variables: options.var, variableFiles: options.varFile }),
  });
  return {
    exitCode: exitCodeOf(review, options),
    text: await renderForm(review, form, context),
    document: review,
    // The document has a schema of its own.
    ...(form !== "text" && { foreignForm: true }),
  };
}

function exitCodeOf(review: Review, { detailedExitcode }: Options): number {
  if (review.labs.some(({ problems }) => problems.some(({ severity }) => severity === "error"))) return exitCodes.error;
  if (review.policy.some(({ level }) => level === "deny")) return exitCodes.denied;
  return detailedExitcode && hasChanges(review) ? exitCodes.changes : exitCodes.done;
}

/** @throws DiagnosticError BAD_OPTION */
function formOf({ format, json }: Options): ReviewForm {
  const known = reviewForms.find((form) => form === (format ?? (json ? "json" : "text")));
  if (known !== undefined) return known;
  throw new DiagnosticError({
    code: "BAD_OPTION",
    severity: "error",
    summary: `expected --format ${reviewForms.join(", ")}, found ${JSON.stringify(format)}`,
    nextStep: "Choose one of them; the default is text.",
  });
}
