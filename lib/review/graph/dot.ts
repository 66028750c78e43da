import { visible } from "../forms/visible.ts";
import type { Graph } from "./graph.ts";

/** A topology for Graphviz. */
export function renderDot({ nodes, edges }: Graph): string {
  const lines = nodes.map(({ id, kind, name, facts, mark }) => {
    const label = [name, ...facts, ...(mark === undefined ? [] : [mark])].map((line) => quoted(line)).join("\\n");
    return `  ${id} [shape=${kind === "network" ? "ellipse" : "box"}, label="${label}"${mark === undefined ? "" : ", penwidth=3"}];`;
  });
  return `graph terrarium {\n${[...lines, ...edges.map(({ from, to, label }) => `  ${from} -- ${to} [label="${quoted(label)}"];`)].join("\n")}\n}\n`;
}

/** Between quotes only `"` and `\` mean something; `\N` and the like would be replaced by Graphviz. */
function quoted(text: string): string {
  return visible(text, 60).replace(/["\\]/g, (character) => `\\${character}`);
}
