import type { SourceRange } from "../../diagnostics/diagnostic.ts";
import { escapeLine } from "./escape.ts";
import { widthOf } from "./width.ts";

const tabWidth = 4;

/** What is looked at of a very long line, on each side of the mark: a line can be a whole file of 1 MiB. */
const nearby = 2000;

/** A line of a file and the marks under it, both made for a terminal: equal columns, no control characters. */
export interface Excerpt {
  readonly line: string;
  readonly caret: string;
}

/**
 * The line of a range with carets under it. Tabs become spaces up to the next stop; a line wider than `width` is cut around the caret, with `…` where
 * something was left out.
 */
export function excerpt({ text: whole, column, length }: Pick<SourceRange, "text" | "column" | "length">, width: number): Excerpt {
  const left = Math.max(0, column - 1 - nearby);
  const text = whole.slice(left, column - 1 + nearby);
  const start = Math.min(column - 1 - left, text.length);
  const cells = cellsOf(text);
  // Offsets count UTF-16 units; cells know which ones they stand for.
  const before = cells.filter(({ offset }) => offset < start);
  const marked = cells.filter(({ offset }) => offset >= start && offset < start + Math.max(1, length));
  const indent = total(before);
  const size = Math.max(1, total(marked));
  const line = cells.map(({ shown }) => shown).join("");
  if (total(cells) <= width) return { line, caret: " ".repeat(indent) + "^".repeat(size) };
  return cut(cells, indent, size, width);
}

interface Cell {
  /** Where in the line it comes from. */
  readonly offset: number;
  readonly shown: string;
  /** Columns that it takes. */
  readonly width: number;
}

function cellsOf(text: string): Cell[] {
  const cells: Cell[] = [];
  let offset = 0;
  let column = 0;
  for (const character of text) {
    const shown = character === "\t" ? " ".repeat(tabWidth - (column % tabWidth)) : escapeLine(character);
    const width = shown === character ? widthOf(character) : shown.length;
    cells.push({ offset, shown, width });
    offset += character.length;
    column += width;
  }
  return cells;
}

function total(cells: readonly Cell[]): number {
  return cells.reduce((sum, { width }) => sum + width, 0);
}

/** A window of the line that holds the start of the marked part, with about a third of it before the caret. */
function cut(cells: readonly Cell[], indent: number, size: number, width: number): Excerpt {
  const room = width - 2;
  const from = Math.max(0, Math.min(indent - Math.floor(room / 3), total(cells) - room));
  let column = 0;
  let line = "";
  let start = -1;
  for (const cell of cells) {
    if (column >= from && column + cell.width <= from + room) {
      if (start === -1) start = column;
      line += cell.shown;
    }
    column += cell.width;
  }
  const left = start > 0 ? "…" : "";
  const caretAt = indent - Math.max(0, start) + left.length;
  const right = column > from + room ? "…" : "";
  return { line: left + line + right, caret: " ".repeat(caretAt) + "^".repeat(Math.max(1, Math.min(size, room + left.length - caretAt))) };
}
