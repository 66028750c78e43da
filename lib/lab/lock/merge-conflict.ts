import type { SourceRange } from "../../diagnostics/diagnostic.ts";

const marker = /^(<{7}|\|{7}|={7}|>{7})( .*)?$/;

/** The first line that Git leaves in a file which two branches changed. */
export function findMergeConflict(text: string, file: string): SourceRange | undefined {
  const lines = text.split(/\r?\n/);
  const index = lines.findIndex((line) => marker.test(line));
  const line = lines[index];
  return line === undefined ? undefined : { file, line: index + 1, column: 1, length: line.length, text: line };
}

/**
 * The text with the entries of both sides: Git's marker lines go, and what it shows as the common ancestor (`diff3`). An entry that both sides have is in
 * it twice, the first one ours. Works because an entry is a line.
 */
export function keepBothSides(text: string): string {
  let ancestor = false;
  const kept: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const kind = marker.exec(line)?.[1]?.[0];
    if (kind === "|") ancestor = true;
    else if (kind !== undefined) ancestor = false;
    else if (!ancestor) kept.push(line);
  }
  return kept.join("\n");
}
