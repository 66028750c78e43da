import { styleText } from "node:util";
import type { Diagnostic, Severity, SourceRange } from "../../diagnostics/diagnostic.ts";
import { escapeLine, escapeText } from "./escape.ts";
import { excerpt } from "./excerpt.ts";

export interface RenderOptions {
  /** Colours and bold. */
  readonly color: boolean;
  /** Columns of the terminal: longer lines of a file are cut around the caret. Default: 100. */
  readonly width?: number;
}

const colors = { error: "red", warning: "yellow", notice: "blue" } as const satisfies Record<Severity, string>;

/**
 * Diagnostics as people read them, with a blank line between two:
 *
 * ```
 * lab.yaml:4:13: error BAD_SIZE: expected a size with a unit, found the number 2048
 *   4 |     memory: 2048
 *     |             ^^^^
 *   → Write the unit: "2048MiB".
 * ```
 *
 * Foreign text in them (a file's line, a program's words) cannot reach the terminal as a control sequence.
 *
 * @returns text that ends with a line feed, or an empty string for no diagnostics
 */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], { color, width = 100 }: RenderOptions): string {
  return diagnostics.map((diagnostic) => render(diagnostic, color, width)).join("\n");
}

type Style = Parameters<typeof styleText>[0];

function render(diagnostic: Diagnostic, color: boolean, width: number): string {
  const paint = (style: Style, text: string): string => (color ? styleText(style, text, { validateStream: false }) : text);
  const { severity, code, summary, detail, source, nextStep } = diagnostic;
  const place = placeOf(diagnostic);
  const head = `${place === "" ? "" : paint("bold", `${escapeLine(place)}:`) + " "}${paint([colors[severity], "bold"], `${severity} ${code}`)}: ${escapeLine(summary)}`;
  const lines = [head];
  if (source && source.text.trim() !== "") lines.push(...sourceLines(source, width, paint, colors[severity]));
  if (detail !== undefined)
    lines.push(
      ...escapeText(detail.replace(/\n+$/, ""))
        .split("\n")
        .map((line) => `  ${line}`),
    );
  if (nextStep !== undefined) lines.push(`  ${paint("cyan", "→")} ${escapeLine(nextStep)}`);
  return `${lines.join("\n")}\n`;
}

function placeOf({ source, constructPath, path }: Diagnostic): string {
  if (source) return `${source.file}:${source.line}:${source.column}`;
  return constructPath ?? path?.join(".") ?? "";
}

function sourceLines(source: SourceRange, width: number, paint: (style: Style, text: string) => string, style: Style): string[] {
  const number = String(source.line);
  const gutter = " ".repeat(number.length);
  const { line, caret } = excerpt(source, Math.max(20, width - number.length - 6));
  return [`  ${paint("dim", `${number} |`)} ${line}`, `  ${paint("dim", `${gutter} |`)} ${paint(style, caret)}`];
}
