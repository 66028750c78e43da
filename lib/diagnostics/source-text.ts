import type { SourceRange } from "./diagnostic.ts";

/** A file's text and its lines. A byte-order mark is taken off; lines end with LF or CRLF. */
export class SourceText {
  /** As messages name it. */
  readonly file: string;
  readonly text: string;
  #lineStarts: number[] | undefined;

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text.startsWith("\uFEFF") ? text.slice(1) : text;
  }

  /** The range between two offsets, cut at the end of its first line. Offsets beyond the text mean its end. */
  range(start: number, end: number): SourceRange {
    const starts = (this.#lineStarts ??= lineStartsOf(this.text));
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= start) low = middle;
      else high = middle - 1;
    }
    const lineStart = starts[low] ?? 0;
    const nextLine = starts[low + 1];
    const text = this.text.slice(lineStart, nextLine === undefined ? undefined : nextLine - 1).replace(/\r$/, "");
    const column = Math.min(start - lineStart, text.length);
    return {
      file: this.file,
      line: low + 1,
      column: column + 1,
      length: Math.max(0, Math.min(end - lineStart, text.length) - column),
      text,
    };
  }
}

function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", end + 1)) starts.push(end + 1);
  return starts;
}
