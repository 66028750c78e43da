import type { Review } from "../../review/review.ts";
import type { CommandContext } from "../context.ts";
import { colorful } from "../finish.ts";

export const reviewForms = ["text", "markdown", "json"] as const;
export type ReviewForm = (typeof reviewForms)[number];

/** A review in one of its forms; what makes it is loaded when it is wanted. */
export async function renderForm(review: Review, form: ReviewForm, context: CommandContext): Promise<string> {
  if (form === "markdown") return (await import("../../review/forms/markdown.ts")).renderMarkdown(review);
  if (form === "json") return (await import("../../review/forms/json.ts")).renderJson(review);
  const { renderReview } = await import("./review.ts");
  return renderReview(review, { color: colorful(context), width: context.stdout.columns });
}
