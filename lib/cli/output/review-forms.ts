import type { Review } from "../../review/review.ts";
import type { CommandContext } from "../context.ts";
import { colorful } from "../finish.ts";

export const reviewForms = ["text", "markdown", "html", "json", "sarif", "junit"] as const;
export type ReviewForm = (typeof reviewForms)[number];

/** A review in one of its forms; what makes it is loaded when it is wanted. */
export async function renderForm(review: Review, form: ReviewForm, context: CommandContext): Promise<string> {
  switch (form) {
    case "markdown":
      return (await import("../../review/forms/markdown.ts")).renderMarkdown(review);
    case "html":
      return (await import("../../review/forms/html.ts")).renderHtml(review);
    case "json":
      return (await import("../../review/forms/json.ts")).renderJson(review);
    case "sarif":
      return (await import("../../review/forms/sarif.ts")).renderSarif(review);
    case "junit":
      return (await import("../../review/forms/junit.ts")).renderJunit(review);
    case "text":
    default:
      return (await import("./review.ts")).renderReview(review, { color: colorful(context), width: context.stdout.columns });
  }
}
