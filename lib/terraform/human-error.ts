import { stripVTControlCharacters } from "node:util";
import type { RawDiagnostic } from "./raw-diagnostic.ts";

/**
 * Reads the boxes in which Terraform prints errors where a command has no `-json` (`state rm`, `show`, `output`).
 *
 * @returns an empty array if there are none: the text is then something else, such as a Go panic
 */
export function parseHumanErrors(text: string): RawDiagnostic[] {
  const lines = stripVTControlCharacters(text)
    .split("\n")
    .map((line) => line.replace(/^[╷│╵] ?/, ""));
  const found: { severity: RawDiagnostic["severity"]; summary: string; detail: string[] }[] = [];
  for (const line of lines) {
    const start = /^(Error|Warning): (.*)$/.exec(line);
    if (start) found.push({ severity: start[1] === "Error" ? "error" : "warning", summary: start[2] ?? "", detail: [] });
    else found.at(-1)?.detail.push(line);
  }
  return found.map(({ severity, summary, detail }) => ({ severity, summary, detail: detail.join("\n").trim() }));
}
