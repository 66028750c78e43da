import type { Review } from "../review.ts";

/** Characters that a terminal or an editor would act on, as JSON's own escapes: the document means the same. */
const unseen = /[\u007F-\u009F\u061C\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF]/g;

/** The review as JSON (`schemas/review.schema.json`). */
export function renderJson(review: Review): string {
  return `${JSON.stringify(review, null, 2).replace(unseen, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`)}\n`;
}
