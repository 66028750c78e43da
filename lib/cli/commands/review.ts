import { resolve } from "node:path";
import { openLab, readVariables } from "../../deploy/open-lab.ts";
import { readLabText } from "../../deploy/read-lab-text.ts";
import { applyPolicy } from "../../deploy/review/apply-policy.ts";
import { reviewPlan } from "../../deploy/review/review-plan.ts";
import { reviewRepository } from "../../deploy/review/review-repository.ts";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { worseThan } from "../../review/not-worse.ts";
import type { Review } from "../../review/review.ts";
import { hasChanges } from "../../review/summary.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";
import { openLabOptions } from "../lab-options.ts";
import { renderForm, reviewForms, type ReviewForm } from "../output/review-forms.ts";

interface Options extends CommonOptions {
  readonly base?: string;
  readonly head?: string;
  readonly plan?: string;
  readonly format?: string;
  readonly notWorseThan?: string;
  readonly approve?: readonly string[];
  readonly detailedExitcode?: boolean;
}

/** `terrarium review [files...]` */
export async function run(context: CommandContext, files: readonly string[], options: Options): Promise<CommandResult> {
  const form = formOf(options);
  const review =
    options.plan === undefined ? await ofRepository(context, files, options) : await ofPlan(context, files, options, options.plan);
  const worse = options.notWorseThan === undefined ? [] : await worseDiagnostics(context, review, options.notWorseThan);
  return {
    exitCode: worse.length > 0 ? exitCodes.error : exitCodeOf(review, options),
    diagnostics: worse,
    text: await renderForm(review, form, context),
    document: review,
    // The document has a schema of its own.
    ...(form !== "text" && { foreignForm: true }),
  };
}

async function ofRepository(context: CommandContext, files: readonly string[], options: Options): Promise<Review> {
  const named = [...files, ...(options.file === undefined ? [] : [options.file])];
  const reviewed = await reviewRepository({
    ...{ cwd: context.cwd, env: context.env, base: options.base ?? "origin/HEAD" },
    ...(options.head !== undefined && { head: options.head }),
    ...(named.length > 0 && { files: named }),
    variables: await readVariables({ cwd: context.cwd, variables: options.var, variableFiles: options.varFile }),
  });
  return await applyPolicy({ ...reviewed, ...(options.approve && { approved: options.approve }) });
}

async function ofPlan(context: CommandContext, files: readonly string[], options: Options, planFile: string): Promise<Review> {
  if (files.length > 1 || options.head !== undefined) throw badPlanOption();
  const opened = await openLab(openLabOptions(context, options, files[0]));
  const { cwd, env } = context;
  if (options.base === undefined) return await reviewPlan({ cwd, opened, planFile });
  const variables = await readVariables({ cwd, variables: options.var, variableFiles: options.varFile });
  const reviewed = await reviewRepository({ cwd, env, base: options.base, files: [opened.file], variables });
  const [path = opened.file, at] = [...reviewed.bases][0] ?? [];
  const review = await reviewPlan({ cwd, opened, planFile, base: { name: options.base, ...reviewed.review.base, ...(at && { at }) } });
  const labs = review.labs.map((lab) => ({ ...lab, file: path }));
  return await applyPolicy({ ...reviewed, review: { ...review, labs }, ...(options.approve && { approved: options.approve }) });
}

async function worseDiagnostics({ cwd }: CommandContext, review: Review, file: string): Promise<Diagnostic[]> {
  const worse = worseThan(review, reviewedIn(await readLabText(resolve(cwd, file), file), file));
  if (worse.length === 0) return [];
  return [
    {
      code: "REVIEW_WORSE",
      severity: "error",
      summary: `this would do more than what was reviewed (${file})`,
      detail: worse.map(({ lab, object, reviewed, now }) => `${lab}: ${object}: reviewed ${reviewed}, now ${now}`).join("\n"),
      nextStep: "Review it anew: what runs, or the base, has changed since.",
    },
  ];
}

/** @throws DiagnosticError REVIEW_PLAN_UNREADABLE */
function reviewedIn(text: string, file: string): Review {
  try {
    const document = JSON.parse(text) as Partial<Review> | null;
    if (document?.format === 1 && Array.isArray(document.labs)) return document as Review;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new DiagnosticError({
    code: "REVIEW_PLAN_UNREADABLE",
    severity: "error",
    summary: `${file} is no review`,
    nextStep: "Make one: `terrarium review --base origin/main --format json > review.json`.",
  });
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

function badPlanOption(): DiagnosticError {
  return new DiagnosticError({
    code: "BAD_OPTION",
    severity: "error",
    summary: "a plan is of one lab, as it stands in the working tree: --plan takes one lab file and no --head",
    nextStep: "Check the change out, and name its lab.",
  });
}
