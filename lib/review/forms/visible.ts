// Control characters, marks that change the direction of text, and characters without width: with them a line could show something else than it holds.
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

const shortForms: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * Foreign text made safe for one line of whatever shows it: what cannot be seen is written as `\n`, `\u202e`, `\u{e0041}`.
 *
 * @param most characters that are kept; `…` stands for the rest
 */
export function visible(text: string, most = Number.POSITIVE_INFINITY): string {
  const shown = text.replace(unseen, (character) => shortForms[character] ?? escaped(character));
  return shown.length > most ? `${shown.slice(0, most).replace(/[\uD800-\uDBFF]$/, "")}…` : shown;
}

function escaped(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
}
