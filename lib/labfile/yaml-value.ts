import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from "yaml";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceText } from "../diagnostics/source-text.ts";

/** What aliases may add to what is written. An alias bomb of ten lines would be 10^9 values. */
const mostFromAliases = 100_000;

/** After so many the rest is of the same kind. */
const mostProblems = 100;

const allowedTags = new Set(["str", "int", "float", "bool", "null", "map", "seq"].map((name) => `tag:yaml.org,2002:${name}`).concat("!"));

/** Anchors of a document, by name: YAML lets a name be used again, and an alias means the last one before it. */
export type Anchors = ReadonlyMap<string, readonly Node[]>;

export interface YamlValue {
  readonly value: unknown;
  readonly anchors: Anchors;
  readonly diagnostics: readonly Diagnostic[];
}

/** The node that an alias stands for: the last one of that name that begins before it. */
export function targetOf(alias: Node & { source: string }, anchors: Anchors): Node | undefined {
  const before = alias.range?.[0] ?? 0;
  return anchors.get(alias.source)?.findLast((node) => (node.range?.[0] ?? 0) < before);
}

/** Plain values of the nodes, and what is wrong with them although it is well-formed. Never throws. */
export function plainValue(root: Node, source: SourceText): YamlValue {
  const reader = new Reader(source);
  return { value: reader.read(root), anchors: reader.anchors, diagnostics: reader.diagnostics };
}

class Reader {
  readonly anchors = new Map<string, Node[]>();
  readonly diagnostics: Diagnostic[] = [];
  readonly #source: SourceText;
  /** Nodes that are being read: an alias to one of them is a circle. */
  readonly #open = new Set<Node>();
  #insideAliases = 0;
  #fromAliases = 0;

  constructor(source: SourceText) {
    this.#source = source;
  }

  read(node: unknown): unknown {
    if (this.#insideAliases > 0 && ++this.#fromAliases > mostFromAliases) return undefined;
    if (isScalar(node)) {
      this.#note(node);
      return typeof node.value === "bigint" ? Number(node.value) : node.value;
    }
    if (isAlias(node)) return this.#follow(node);
    if (!isMap(node) && !isSeq(node)) return null;
    this.#note(node);
    this.#open.add(node);
    const value = isMap(node) ? this.#map(node) : node.items.map((item) => this.read(item));
    this.#open.delete(node);
    return value;
  }

  #map(map: YAMLMap): Record<string, unknown> {
    const value: Record<string, unknown> = {};
    for (const pair of map.items as Pair<Node, Node | null>[]) {
      const key = isScalar(pair.key) ? String(pair.key.value) : "";
      if (this.#insideAliases === 0) this.#checkKey(pair.key, key, value);
      if (key !== "__proto__") value[key] = this.read(pair.value);
    }
    return value;
  }

  #checkKey(node: Node, key: string, siblings: object): void {
    if (key === "<<") {
      const nextStep =
        "Put what they share into profiles (or defaults) and name it with profiles: […]. A key of that name is written in quotes elsewhere.";
      this.#report("YAML_MERGE_KEY", node, "found a merge key, which the lab language does not have", nextStep);
    } else if (key === "__proto__") {
      this.#report("YAML_KEY", node, 'found the key "__proto__", which is reserved', "Take another name.");
    } else if (Object.hasOwn(siblings, key)) {
      this.#report("YAML_DUPLICATE_KEY", node, `found the key "${key}" twice in one map`, "Remove one, or merge what they say.");
    }
  }

  #follow(alias: Node & { source: string }): unknown {
    const target = targetOf(alias, this.anchors);
    if (!target) {
      this.#report(
        "YAML_ALIAS",
        alias,
        `found the alias *${alias.source}, but no &${alias.source} before it`,
        "Text that starts with * needs quotes.",
      );
      return undefined;
    }
    if (this.#open.has(target)) {
      this.#report("YAML_ALIAS", alias, `found the alias *${alias.source} inside what it stands for`, "Remove the circle.");
      return undefined;
    }
    const wasBelow = this.#fromAliases <= mostFromAliases;
    this.#insideAliases++;
    const value = this.read(target);
    this.#insideAliases--;
    if (wasBelow && this.#fromAliases > mostFromAliases && this.#insideAliases === 0) {
      this.#report(
        "YAML_ALIAS",
        alias,
        "expected aliases that add at most 100,000 values, found more",
        "Write the values out, or use count, forEach or profiles.",
      );
    }
    return value;
  }

  #note(node: Node & { anchor?: string; tag?: string }): void {
    if (this.#insideAliases > 0) return;
    if (node.anchor !== undefined) this.anchors.set(node.anchor, [...(this.anchors.get(node.anchor) ?? []), node]);
    if (node.tag !== undefined && !allowedTags.has(node.tag)) {
      this.#report(
        "YAML_TAG",
        node,
        `found the tag ${node.tag}, which the lab language does not know`,
        "Remove the tag; text that starts with ! needs quotes.",
      );
    }
  }

  #report(code: Diagnostic["code"], node: Node, summary: string, nextStep: string): void {
    if (this.diagnostics.length === mostProblems) return;
    const [start, end] = node.range ?? [0, 0];
    this.diagnostics.push({ code, severity: "error", summary, nextStep, source: this.#source.range(start, end) });
  }
}
