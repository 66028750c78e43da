import { styleText } from "node:util";
import { escapeLine } from "./escape.ts";

export type Style = Parameters<typeof styleText>[0];

/** Text and how it looks. */
export interface Span {
  readonly text: string;
  readonly style?: Style;
}

export interface WrapOptions {
  readonly color: boolean;
  /** Columns of a line, those before the text included. */
  readonly width: number;
  /** Columns before the text. */
  readonly indent: number;
}

/** Narrower than this text is not broken: the terminal does it. */
const leastRoom = 20;

/**
 * Breaks text at its spaces into lines that fit. Foreign text in it is made safe; a word longer than a line stays whole.
 *
 * @returns the lines, without the indentation
 */
export function wrap(spans: readonly Span[], { color, width, indent }: WrapOptions): string[] {
  const room = width - indent < leastRoom ? Number.POSITIVE_INFINITY : width - indent;
  const lines: string[] = [];
  let line = "";
  let length = 0;
  for (const { text, style } of spans) {
    for (const word of escapeLine(text)
      .split(" ")
      .filter((piece) => piece !== "")) {
      const size = Array.from(word).length;
      if (length > 0 && length + 1 + size > room) {
        lines.push(line);
        [line, length] = ["", 0];
      }
      line += (length > 0 ? " " : "") + paint(word, style, color);
      length += (length > 0 ? 1 : 0) + size;
    }
  }
  return length > 0 ? [...lines, line] : lines;
}

/** Text in its style, or plain. */
export function paint(text: string, style: Style | undefined, color: boolean): string {
  return color && style !== undefined ? styleText(style, text, { validateStream: false }) : text;
}
