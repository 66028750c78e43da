import { isAlias, isMap, isScalar, isSeq, type Document, type Node, type Pair } from "yaml";
import { evaluateSchema, type Evaluation, type Schema, type ValuePath } from "./schema/evaluate-schema.ts";

export interface ConfigOptions {
  readonly value: Readonly<Record<string, unknown>>;
  readonly schema: Schema;
  /** The text with its nodes, where the value was read from one. */
  readonly document?: Document.Parsed;
  readonly text?: string;
  /** cloud-init's version in the image, such as "22.4". Default: that of the schemas. */
  readonly version: string;
}

/** A cloud-config or network configuration that rules look at: its value, what the schema says of it, and where things stand in its text. */
export class Config {
  readonly value: Readonly<Record<string, unknown>>;
  readonly version: string;
  readonly #options: ConfigOptions;
  #evaluation: Evaluation | undefined;

  constructor(options: ConfigOptions) {
    this.value = options.value;
    this.version = options.version;
    this.#options = options;
  }

  /** Made once, for all rules. */
  get evaluation(): Evaluation {
    return (this.#evaluation ??= evaluateSchema(this.#options.schema, this.value));
  }

  /** Text without quotes as it is written; undefined for everything else. */
  plainText(path: ValuePath): string | undefined {
    const { node } = this.#find(path);
    return isScalar(node) && node.type === "PLAIN" ? node.source : undefined;
  }

  /** All numbers that are written without quotes, with their paths. */
  *plainNumbers(): Generator<{ readonly path: ValuePath; readonly source: string; readonly value: number }> {
    yield* plainNumbersIn(this.#options.document?.contents ?? null, []);
  }

  /** Where an entry stands in the text: its value where that fits on its line, else its key. Of a path that is not there, the nearest part that is. */
  rangeOf(path: ValuePath, of: "key" | "value" = "value"): { offset: number; length: number } {
    const { key, node } = this.#find(path);
    const shown = key && (of === "key" || !this.#fitsOnLine(node)) ? key : node;
    const [start = 0, end = start] = shown?.range ?? [];
    return { offset: start, length: end - start };
  }

  #fitsOnLine(node: Node | null | undefined): boolean {
    const [start, end] = node?.range ?? [0, 0];
    return end > start && !(this.#options.text ?? "").slice(start, end).includes("\n");
  }

  #find(path: ValuePath): Entry {
    const { document } = this.#options;
    let found: Entry = { node: document?.contents };
    for (const step of path) {
      const entry = entryOf(found.node, step, document);
      if (!entry) break;
      found = entry;
    }
    return found;
  }
}

type Entry = { key?: Node; node?: Node | null };

function entryOf(node: unknown, step: string | number, document: Document.Parsed | undefined): Entry | undefined {
  if (isAlias(node)) return document && entryOf(node.resolve(document), step, document);
  if (isSeq(node)) {
    const item = node.items[Number(step)] as Node | undefined;
    return item && { node: item };
  }
  if (!isMap(node)) return undefined;
  const pairs = node.items as Pair<Node, Node | null>[];
  // Of equal keys the last one counts.
  const pair = pairs.findLast(({ key }) => isScalar(key) && String(key.value) === String(step));
  return pair ? { key: pair.key, node: pair.value } : mergedEntry(pairs, step, document);
}

/** An entry that a merge key (`<<`) brings. */
function mergedEntry(
  pairs: readonly Pair<Node, Node | null>[],
  step: string | number,
  document: Document.Parsed | undefined,
): Entry | undefined {
  const merged = pairs
    .filter(({ key }) => isScalar(key) && key.source === "<<")
    .flatMap(({ value }) => (isSeq(value) ? value.items : [value]));
  for (const source of merged) {
    const entry = entryOf(source, step, document);
    if (entry) return entry;
  }
  return undefined;
}

function* plainNumbersIn(node: unknown, path: ValuePath): ReturnType<Config["plainNumbers"]> {
  if (isScalar(node) && node.type === "PLAIN" && typeof node.value === "number" && node.source !== undefined) {
    yield { path, source: node.source, value: node.value };
  }
  if (isSeq(node)) for (const [index, item] of node.items.entries()) yield* plainNumbersIn(item, [...path, index]);
  if (isMap(node)) {
    for (const { key, value } of node.items) if (isScalar(key)) yield* plainNumbersIn(value, [...path, String(key.value)]);
  }
}
