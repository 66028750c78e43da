// Control characters, and the marks that change the direction of text: with them a line could show something else than it holds.
const unsafe = /[\p{Cc}\u061C\u200E\u200F\u2028\u2029\u202A-\u202E\u2066-\u2069\uFEFF]/gu;

const shortForms: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** Foreign text made safe for one line of a terminal: line feeds, tabs and escapes are shown as `\n`, `\t`, `\u001b`. */
export function escapeLine(text: string): string {
  return text.replace(unsafe, (character) => shortForms[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** The same for text of several lines: line feeds stay, tabs become spaces. */
export function escapeText(text: string): string {
  return text.replaceAll("\t", "    ").split(/\r?\n/).map(escapeLine).join("\n");
}
