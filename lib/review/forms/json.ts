import type { Review } from "../review.ts";

/** Characters that a terminal or an editor would act on, as JSON's own escapes: the document means the same. */
const unseen = /[\u007F-\u009F\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** The review as JSON (`schemas/review.schema.json`). */
export function renderJson(review: Review): string {
  return `${JSON.stringify(review, null, 2).replace(unseen, escaped)}\n`;
}

/** A character beyond the first plane takes two. */
function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`).join("");
}
