export interface DiffLine {
  readonly kind: "added" | "removed" | "same" | "gap";
  readonly text: string;
}

/** Lines that are told around a difference. */
const context = 2;
/** Beyond this many comparisons two texts are told whole: nobody reads such a difference. */
const mostComparisons = 4_000_000;

/** What is different between two texts, line by line, with two lines around each difference; `gap` stands for lines that are the same and left out. */
export function lineDifference(before: string, after: string): DiffLine[] {
  if (before === after) return [];
  const [old, current] = [before, after].map((text) => (text === "" ? [] : text.replace(/\n$/, "").split("\n"))) as [string[], string[]];
  let start = 0;
  while (start < Math.min(old.length, current.length) && old[start] === current[start]) start += 1;
  let end = 0;
  while (end < Math.min(old.length, current.length) - start && old[old.length - 1 - end] === current[current.length - 1 - end]) end += 1;
  const lines: DiffLine[] = [
    ...old.slice(0, start).map(same),
    ...middle(old.slice(start, old.length - end), current.slice(start, current.length - end)),
    ...old.slice(old.length - end).map(same),
  ];
  return withoutDistant(lines);
}

const same = (text: string): DiffLine => ({ kind: "same", text });

/** The longest common subsequence, told in order. */
function middle(old: readonly string[], current: readonly string[]): DiffLine[] {
  if (old.length * current.length > mostComparisons)
    return [...old.map((text): DiffLine => ({ kind: "removed", text })), ...current.map((text): DiffLine => ({ kind: "added", text }))];
  const width = current.length + 1;
  const lengths = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = current.length - 1; j >= 0; j -= 1) {
      const [down, right, diagonal] = [
        lengths[(i + 1) * width + j] ?? 0,
        lengths[i * width + j + 1] ?? 0,
        lengths[(i + 1) * width + j + 1] ?? 0,
      ];
      lengths[i * width + j] = old[i] === current[j] ? diagonal + 1 : Math.max(down, right);
    }
  }
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < current.length) {
    const [was, is] = [old[i], current[j]];
    if (was !== undefined && was === is) {
      lines.push(same(was));
      i += 1;
      j += 1;
    } else if (is === undefined || (was !== undefined && (lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0))) {
      lines.push({ kind: "removed", text: was ?? "" });
      i += 1;
    } else {
      lines.push({ kind: "added", text: is });
      j += 1;
    }
  }
  return lines;
}

function withoutDistant(lines: readonly DiffLine[]): DiffLine[] {
  const near = new Set<number>();
  for (const [index, { kind }] of lines.entries())
    if (kind !== "same") for (let at = index - context; at <= index + context; at += 1) near.add(at);
  return lines.flatMap((line, index): DiffLine[] => {
    if (near.has(index)) return [line];
    return index === 0 || near.has(index - 1) ? [{ kind: "gap", text: "" }] : [];
  });
}
