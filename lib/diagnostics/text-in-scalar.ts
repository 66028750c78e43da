/** A scalar of a YAML document: where it stands, from its mark or quote on, and how it is written (the names of the `yaml` package). */
export interface WrittenScalar {
  readonly start: number;
  readonly end: number;
  readonly style: "PLAIN" | "QUOTE_DOUBLE" | "QUOTE_SINGLE" | "BLOCK_LITERAL" | "BLOCK_FOLDED";
}

/**
 * Finds characters of a scalar's value in the document: for diagnostics of a text that is written inside another one, past indentation, folds and escapes.
 *
 * @param document the whole YAML text
 * @param value what the scalar means
 * @returns for an offset in `value`, the offset in `document`
 * @example offsetsInScalar("a: |\n  one\n  two\n", { start: 3, end: 17, style: "BLOCK_LITERAL" }, "one\ntwo\n")(4) // 13
 */
export function offsetsInScalar(document: string, scalar: WrittenScalar, value: string): (offset: number) => number {
  const offsets = scalar.style === "BLOCK_LITERAL" ? literalOffsets(document, scalar, value) : alignedOffsets(document, scalar, value);
  return (offset) => offsets[Math.max(0, Math.min(offset, value.length))] ?? scalar.end;
}

/** Line by line: a line of the value is the end of its line in the document. */
function literalOffsets(document: string, { start, end }: WrittenScalar, value: string): number[] {
  const offsets: number[] = [];
  let lineStart = afterLine(document, start);
  for (const line of value.split("\n")) {
    const lineEnd = Math.max(lineStart, Math.min(endOfLine(document, lineStart), end));
    const from = Math.max(lineStart, lineEnd - line.length);
    // One more than the line has: its line break.
    for (let index = 0; index <= line.length; index++) offsets.push(Math.min(from + index, lineEnd));
    lineStart = Math.min(afterLine(document, lineStart), end);
  }
  return offsets;
}

/** Character by character; runs of spaces and line breaks stand for each other, and an escape for its character. */
function alignedOffsets(document: string, { start, end, style }: WrittenScalar, value: string): number[] {
  const offsets: number[] = [];
  let at = style === "BLOCK_FOLDED" ? afterLine(document, start) : style === "PLAIN" ? start : start + 1;
  let index = 0;
  while (index < value.length) {
    const written = document[at] ?? "";
    if (style === "QUOTE_DOUBLE" && written === "\\") {
      const length = escapeLength(document, at);
      // An escaped line break is no character.
      if (!/[\r\n]/.test(document[at + 1] ?? "")) {
        const units = (value.codePointAt(index) ?? 0) > 0xffff && /[Uu]/.test(document[at + 1] ?? "") && length === 10 ? 2 : 1;
        for (let unit = 0; unit < units; unit++) offsets[index++] = at;
      }
      at += length;
    } else if (isSpace(value[index]) || isSpace(written)) {
      const writtenRun = Math.min(runLength(document, at), end - at);
      const breaks = document.slice(at, at + writtenRun).split("\n").length - 1;
      // In double quotes escapes may go on where the run ends: it stands for its spaces, or what its line breaks fold to.
      const most = style !== "QUOTE_DOUBLE" ? Infinity : breaks === 0 ? writtenRun : Math.max(1, breaks - 1);
      const run = Math.min(runLength(value, index), most);
      for (let step = 0; step < run; step++) offsets[index + step] = step === 0 ? at : Math.max(at, at + writtenRun - (run - step));
      if (run === 0 && writtenRun === 0) break;
      index += run;
      at += writtenRun;
    } else {
      offsets[index++] = at;
      at += style === "QUOTE_SINGLE" && written === "'" ? 2 : 1;
    }
    if (at > end) break;
  }
  while (index <= value.length) offsets[index++] = Math.min(at, end);
  return offsets;
}

function escapeLength(document: string, at: number): number {
  const length = { x: 4, u: 6, U: 10 }[document[at + 1] ?? ""];
  if (length !== undefined) return length;
  // A line break that is escaped takes the next line's indentation with it.
  const fold = /^\\\r?\n[ \t]*/.exec(document.slice(at, at + 500));
  return fold ? fold[0].length : 2;
}

function isSpace(character: string | undefined): boolean {
  return character === " " || character === "\n" || character === "\r" || character === "\t";
}

function runLength(text: string, from: number): number {
  let to = from;
  while (isSpace(text[to])) to++;
  return to - from;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  if (end === -1) return text.length;
  return text[end - 1] === "\r" && end > from ? end - 1 : end;
}

function afterLine(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end === -1 ? text.length : end + 1;
}
