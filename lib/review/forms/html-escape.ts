import { visible } from "./visible.ts";

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;", "`": "&#96;" };

/** Foreign text for HTML, SVG and XML: as content and between quotes. */
export function htmlText(text: string): string {
  return visible(text).replace(/[&<>"'`]/g, (character) => entities[character] ?? character);
}
