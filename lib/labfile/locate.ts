import { isAlias, isCollection, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from "yaml";
import type { Diagnostic, SourceRange } from "../diagnostics/diagnostic.ts";
import { offsetsInTemplate } from "../diagnostics/filled-text.ts";
import { offsetsInScalar } from "../diagnostics/text-in-scalar.ts";
import type { Path } from "../lab/path.ts";
import { quote } from "../lab/written/describe.ts";
import type { SourceText } from "../diagnostics/source-text.ts";
import { targetOf, type Anchors } from "./yaml-value.ts";

/** @param at what of a map's entry to show; `value` is the value where it fits on its line, else the key. Default: `value` */
export type Locate = (path: Path, at?: "key" | "value") => SourceRange;

/**
 * Finds characters of a text that stands at a path, whatever way it is written (block, quotes, folded): for whoever checks what is inside the text.
 *
 * @param text as it is after references were replaced; lines with references are found as far as they are the same
 * @returns undefined where the path has no text, or another one
 */
export type LocateText = (path: Path, text: string) => (offset: number, length: number) => SourceRange | undefined;

/** {@link LocateText} in a file that was read. */
export function locateTextIn(root: Node, anchors: Anchors, source: SourceText): LocateText {
  const entries = new Entries();
  return (path, text) => {
    const node = path.reduce<Node | null | undefined>(
      (parent, step) => entries.find(isAlias(parent) ? targetOf(parent, anchors) : parent, step)?.[1],
      root,
    );
    const scalar = isAlias(node) ? targetOf(node, anchors) : node;
    if (!isScalar(scalar) || typeof scalar.value !== "string" || !scalar.range || scalar.type === undefined) return () => undefined;
    const inWritten = offsetsInTemplate(scalar.value, text);
    const [start, end] = scalar.range;
    const inFile = offsetsInScalar(source.text, { start, end, style: scalar.type }, scalar.value);
    return (offset, length) => {
      const [from, to] = [inWritten(offset), inWritten(offset + length)];
      return from === undefined || to === undefined ? undefined : source.range(inFile(from), Math.max(inFile(to), inFile(from) + 1));
    };
  };
}

/**
 * Finds paths in a file. A path that is not there means the nearest part of it that is: a missing key is shown at the map that lacks it. Values of aliases are
 * found where they are written.
 */
export function locateIn(root: Node, anchors: Anchors, source: SourceText): Locate {
  const entries = new Entries();
  return (path, at = "value") => {
    let node: Node | null = root;
    let key: Node | undefined;
    for (const step of path) {
      const entry = entries.find(isAlias(node) ? targetOf(node, anchors) : node, step);
      if (!entry) break;
      [key, node] = entry;
    }
    const shown = key && (at === "key" || !fitsOnLine(node, source)) ? key : node;
    const [start, end] = shown?.range ?? [0, 0];
    return source.range(start, end);
  };
}

type Entry = [key: Node | undefined, value: Node | null];

/** Finds entries by key. Maps are indexed once: a file with faults in each of 10,000 keys would take minutes otherwise. */
class Entries {
  readonly #byKey = new WeakMap<YAMLMap, Map<string, Entry>>();

  find(node: Node | null | undefined, step: string | number): Entry | undefined {
    if (isMap(node)) return this.#indexOf(node).get(String(step));
    if (!isSeq(node)) return undefined;
    const item = node.items[Number(step)] as Node | undefined;
    return item && [undefined, item];
  }

  #indexOf(map: YAMLMap): Map<string, Entry> {
    const known = this.#byKey.get(map);
    if (known) return known;
    const index = new Map<string, Entry>();
    // Of equal keys the last one stays, as it does in the value.
    for (const { key, value } of map.items as Pair<Node, Node | null>[]) if (isScalar(key)) index.set(String(key.value), [key, value]);
    this.#byKey.set(map, index);
    return index;
  }
}

function fitsOnLine(node: Node | null, source: SourceText): boolean {
  if (!node?.range) return false;
  const [start, end] = node.range;
  if (start === end || (isCollection(node) && !node.flow)) return false;
  const line = source.text.indexOf("\n", start);
  return line === -1 || line >= end;
}

/** True if it is about the key at the end of its path, not about the value: an unknown key, or a badly formed name that is a key. */
function isAboutKey({ code, path, summary }: Diagnostic): boolean {
  return code === "UNKNOWN_KEY" || (code === "BAD_NAME" && summary.endsWith(`found ${quote(String(path?.at(-1)))}`));
}

/** Fills `source` of those that have a `path` and no `source` yet. */
export function locateDiagnostics(diagnostics: readonly Diagnostic[], locate: Locate): Diagnostic[] {
  return diagnostics.map((diagnostic) =>
    diagnostic.source || !diagnostic.path
      ? diagnostic
      : { ...diagnostic, source: locate(diagnostic.path, isAboutKey(diagnostic) ? "key" : "value") },
  );
}
