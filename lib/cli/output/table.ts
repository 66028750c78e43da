import { escapeLine } from "./escape.ts";
import { widthOf } from "./width.ts";

/**
 * A table for people: columns padded with spaces, two between them. Control characters in cells are escaped.
 *
 * @returns lines that each end with a line feed; an empty string for no rows
 * @example renderTable(["NAME", "STATE"], [["web", "running"]]) // "NAME  STATE\nweb   running\n"
 */
export function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const cells = [head, ...rows.map((row) => row.map((cell) => (cell === "" ? "-" : escapeLine(cell))))];
  const widths = head.map((_, column) => Math.max(...cells.map((row) => widthOf(row[column] ?? ""))));
  return cells
    .map((row) => row.map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - widthOf(cell))).join("  "))
    .map((line) => `${line.trimEnd()}\n`)
    .join("");
}
