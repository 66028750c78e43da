import { visible } from "../forms/visible.ts";
import type { Graph, GraphNode } from "./graph.ts";

// Blue and orange, which every kind of colour vision tells apart, with borders and words that say the same; dark enough text on both.
const classes = [
  "classDef bad fill:#f4a261,stroke:#7a2e00,stroke-width:4px,color:#000",
  "classDef stop fill:#ffe08a,stroke:#7a5b00,stroke-width:2px,stroke-dasharray:6 3,color:#000",
  "classDef new fill:#9ecbff,stroke:#003f88,stroke-width:2px,color:#000",
];

const classOf: Readonly<Record<string, string>> = {
  rebuild: "bad",
  destroy: "bad",
  reboot: "stop",
  reseed: "stop",
  replaced: "stop",
  create: "new",
  update: "new",
  grow: "new",
};

/** A topology for Mermaid, which code hosts draw. Foreign text is written in Mermaid's own escapes: no quote, bracket or keyword is left. */
export function renderMermaid({ nodes, edges }: Graph): string {
  const marked = nodes.filter(({ mark }) => mark !== undefined);
  return `${[
    "flowchart LR",
    ...nodes.map((node) => `  ${node.id}${node.kind === "network" ? `([${labelOf(node)}])` : `[${labelOf(node)}]`}`),
    ...edges.map(({ from, to, label }) => `  ${from} ---${label === "" ? "" : `|"${escaped(label)}"|`} ${to}`),
    ...(marked.length > 0 ? classes.map((line) => `  ${line}`) : []),
    ...marked.map(({ id, mark }) => `  class ${id} ${classOf[mark ?? ""] ?? "new"}`),
  ].join("\n")}\n`;
}

function labelOf({ name, facts, mark }: GraphNode): string {
  return `"${[name, ...facts, ...(mark === undefined ? [] : [mark])].map(escaped).join("<br/>")}"`;
}

/** Everything but letters, digits and what means nothing to Mermaid becomes `#<code>;`. */
function escaped(text: string): string {
  return visible(text, 60).replace(/[^\p{L}\p{N} .:/,_-]/gu, (character) => `#${character.codePointAt(0) ?? 32};`);
}
