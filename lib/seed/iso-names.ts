import type { IsoNode } from "./iso-tree.ts";

/** A node with the name that one of the image's two hierarchies gives it. */
interface NamedNode {
  readonly node: IsoNode;
  readonly identifier: Uint8Array;
}

interface Candidate {
  readonly node: IsoNode;
  readonly text: string;
  readonly sortKey: string;
}

/** What a hierarchy does to the names of one directory. The result is in the order that the standard wants. */
export type Naming = (nodes: Iterable<IsoNode>) => NamedNode[];

/**
 * ISO 9660 level 1: eight characters, a dot, three characters, of `A-Z0-9_`. Readers that know Rock Ridge or Joliet never show these.
 */
export const plainNames: Naming = (nodes) => {
  const taken = new Map<string, number>();
  const candidates = Array.from(nodes, (node): Candidate => {
    const dot = node.kind === "file" ? node.name.lastIndexOf(".") : -1;
    const base = plain(dot > 0 ? node.name.slice(0, dot) : node.name).slice(0, 8);
    const extension = dot > 0 ? plain(node.name.slice(dot + 1)).slice(0, 3) : "";
    const free = firstFree(taken, (count) => `${shorten(base, 8, count)}.${extension}`);
    const [name = ""] = free.split(".");
    return {
      node,
      text: node.kind === "file" ? `${free};1` : name,
      // The standard compares both parts as if padded with spaces.
      sortKey: name.padEnd(8) + extension.padEnd(3),
    };
  });
  return inOrder(candidates, (text) => Buffer.from(text, "latin1"));
};

/** Joliet: up to 64 UTF-16 units, almost everything allowed. */
export const jolietNames: Naming = (nodes) => {
  const taken = new Map<string, number>();
  const candidates = Array.from(nodes, (node): Candidate => {
    const allowed = node.name.replaceAll(/[\p{Cc}*/:;?\\]/gu, "_");
    const name = firstFree(taken, (count) => shorten(allowed, 64, count));
    return { node, text: node.kind === "file" ? `${name};1` : name, sortKey: name };
  });
  return inOrder(candidates, utf16BigEndian);
};

/** UCS-2, most significant byte first, as Joliet writes all text. */
export function utf16BigEndian(text: string): Uint8Array {
  return Buffer.from(text, "utf16le").swap16();
}

function plain(text: string): string {
  return text.toUpperCase().replaceAll(/[^A-Z0-9_]/g, "_");
}

/** Cuts to `length`, with `count` at the end where it is not 0. Never leaves half a surrogate pair. */
function shorten(text: string, length: number, count: number): string {
  const suffix = count === 0 ? "" : String(count);
  return text.slice(0, length - suffix.length).replace(/\p{Surrogate}$/u, "") + suffix;
}

/** `taken` maps each name to the next count worth trying for it, so that many equal names do not take quadratic time. */
function firstFree(taken: Map<string, number>, name: (count: number) => string): string {
  const wanted = name(0);
  let count = taken.get(wanted) ?? 0;
  while (taken.has(name(count))) count++;
  const free = name(count);
  taken.set(free, 1);
  if (count > 0) taken.set(wanted, count + 1);
  return free;
}

function inOrder(candidates: Candidate[], encode: (text: string) => Uint8Array): NamedNode[] {
  candidates.sort((a, b) => (a.sortKey < b.sortKey ? -1 : 1));
  return candidates.map(({ node, text }) => ({ node, identifier: encode(text) }));
}
