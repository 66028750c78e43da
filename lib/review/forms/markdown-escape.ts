import { visible } from "./visible.ts";
import { htmlText } from "./html-escape.ts";

/** What is shown of one foreign text in a comment. */
const most = 300;

/**
 * Foreign text as a code span: code hosts look for mentions, `closes #1`, links and HTML everywhere but in code, and a backslash does not stop them, as they look at the rendered text.
 * The fence is longer than every run of backticks inside.
 */
export function code(text: string): string {
  const shown = visible(text, most);
  if (shown.trim() === "") return "`(empty)`";
  const runs = [...shown.matchAll(/`+/g)].map(([run]) => run.length);
  const fence = "`".repeat(Math.max(0, ...runs) + 1);
  const padded = /^[` ]|[` ]$/.test(shown) ? ` ${shown} ` : shown;
  return `${fence}${padded}${fence}`;
}

/** The same inside of an HTML tag, where Markdown is not read. */
export function htmlCode(text: string): string {
  return `<code>${htmlText(visible(text, most))}</code>`;
}

/** A fenced block with a fence that nothing inside can close. */
export function fenced(language: string, lines: readonly string[]): string {
  const shown = lines.map((line) => visible(line, most));
  const runs = shown.flatMap((line) => [...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(Math.max(2, ...runs) + 1);
  return [`${fence}${language}`, ...shown, fence].join("\n");
}
