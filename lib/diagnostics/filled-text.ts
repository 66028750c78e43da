/**
 * Finds places of a text in the template that it was made from, where references such as `${var:NAME}` were replaced.
 *
 * @returns for an offset in `filled`, the offset in `written`: exact where the line is the same, or before and after what was replaced; the start of the reference
 *   inside it. Undefined where lines do not correspond.
 */
export function offsetsInTemplate(written: string, filled: string): (offset: number) => number | undefined {
  if (written === filled) return (offset) => offset;
  const writtenLines = written.split("\n");
  const filledLines = filled.split("\n");
  if (writtenLines.length !== filledLines.length) return () => undefined;
  return (offset) => {
    const line = filled.slice(0, offset).split("\n").length - 1;
    const column = offset - startOf(filledLines, line);
    return startOf(writtenLines, line) + columnIn(writtenLines[line] ?? "", filledLines[line] ?? "", column);
  };
}

function columnIn(written: string, filled: string, column: number): number {
  const shorter = Math.min(written.length, filled.length);
  let prefix = 0;
  while (prefix < shorter && written[prefix] === filled[prefix]) prefix++;
  if (column <= prefix) return column;
  let suffix = 0;
  while (suffix < shorter - prefix && written[written.length - 1 - suffix] === filled[filled.length - 1 - suffix]) suffix++;
  return filled.length - column <= suffix ? written.length - (filled.length - column) : prefix;
}

function startOf(lines: readonly string[], line: number): number {
  return lines.slice(0, line).reduce((sum, text) => sum + text.length + 1, 0);
}
