import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceText } from "../diagnostics/source-text.ts";

/** The largest file that is read, in bytes of UTF-8: some 7,000 sandboxes. More is a mistake or an attack. */
const maximumFileSize = 1024 * 1024;

/** How many of one kind are told: a binary file has thousands. */
const mostControlCharacters = 10;

// YAML's own set: tab, line feed and printable characters. A carriage return alone is refused, because editors and YAML disagree on what a line is then.
const forbidden = new RegExp(
  [
    String.raw`[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u0084\u0086-\u009F\uFFFE\uFFFF]`,
    String.raw`\r(?!\n)`,
    String.raw`[\uD800-\uDBFF](?![\uDC00-\uDFFF])`,
    String.raw`(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]`,
  ].join("|"),
  "g",
);

/** What no file of ours may have, before anybody looks at its grammar. */
export function checkText(source: SourceText): Diagnostic[] {
  const bytes = Buffer.byteLength(source.text);
  if (bytes > maximumFileSize) {
    const { text: _, ...start } = source.range(0, 0);
    return [
      {
        code: "FILE_TOO_LARGE",
        severity: "error",
        summary: `expected at most 1 MiB, found ${(bytes / maximumFileSize).toFixed(1)} MiB`,
        nextStep: "Put large content into files of its own (userData: ./file) and repeated sandboxes into count or forEach.",
        // The line itself could be the whole file.
        source: { ...start, text: "" },
      },
    ];
  }
  const diagnostics: Diagnostic[] = [];
  for (const match of source.text.matchAll(forbidden)) {
    if (diagnostics.length === mostControlCharacters) break;
    diagnostics.push({
      code: "CONTROL_CHARACTER",
      severity: "error",
      summary: `found the character ${nameOf(match[0])}, which text must not have`,
      nextStep:
        match[0] === "\0"
          ? 'Save the file as UTF-8 text; inside double quotes write it as "\\0".'
          : `Remove it; inside double quotes it can be written as "${escapeOf(match[0])}".`,
      source: source.range(match.index, match.index + 1),
    });
  }
  return diagnostics;
}

function nameOf(character: string): string {
  const name = { "\0": "NUL", "\r": "carriage return without a line feed", "\u001B": "escape" }[character];
  const code = `U+${hex(character)}`;
  return name === undefined ? code : `${code} (${name})`;
}

function escapeOf(character: string): string {
  return character === "\r" ? "\\r" : `\\u${hex(character)}`;
}

function hex(character: string): string {
  return character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
}
