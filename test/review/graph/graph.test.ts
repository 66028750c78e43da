import { DOMParser, onErrorStopParsing, type Element } from "@xmldom/xmldom";
import { expect, test } from "vitest";
import { renderDot } from "../../../lib/review/graph/dot.ts";
import { graphOf, type Graph } from "../../../lib/review/graph/graph.ts";
import { renderMermaid } from "../../../lib/review/graph/mermaid.ts";
import { renderSvg } from "../../../lib/review/graph/svg.ts";
import { reviewBetween } from "../example-review.ts";
import { hostile } from "../forms/hostile.ts";
import { base, withDb } from "../labs.ts";
import { sideOf } from "../plan-builder.ts";

const graph = graphOf(sideOf(base).lab, reviewBetween(base, withDb({ cpus: 2 })).labs[0]);

function filled(text: string): Graph {
  const node = { name: text, host: text, facts: [text, text], mark: "rebuild" as const };
  return {
    lab: text,
    nodes: [
      { ...node, id: "n1", kind: "network" },
      { ...node, id: "n2", kind: "sandbox" },
    ],
    edges: [{ from: "n2", to: "n1", label: text || "x" }],
  };
}

test("a topology has networks, sandboxes, addresses, and marks of a change", () => {
  expect(renderMermaid(graph)).toMatchInlineSnapshot(`
    "flowchart LR
      n1(["front<br/>nat<br/>10.20.0.0/24"])
      n2["db<br/>1 CPU, 512MiB<br/>debian-12<br/>reboot"]
      n3["web-1<br/>1 CPU, 512MiB<br/>debian-12"]
      n4["web-2<br/>1 CPU, 512MiB<br/>debian-12"]
      n2 ---|"10.20.0.29"| n1
      n3 ---|"10.20.0.26"| n1
      n4 ---|"10.20.0.34"| n1
      classDef bad fill:#f4a261,stroke:#7a2e00,stroke-width:4px,color:#000
      classDef stop fill:#ffe08a,stroke:#7a5b00,stroke-width:2px,stroke-dasharray:6 3,color:#000
      classDef new fill:#9ecbff,stroke:#003f88,stroke-width:2px,color:#000
      class n2 stop
    "
  `);
  expect(graph.nodes.map(({ name, mark }) => [name, mark])).toEqual([
    ["front", undefined],
    ["db", "reboot"],
    ["web-1", undefined],
    ["web-2", undefined],
  ]);
});

test("no text leaves its label: Mermaid, DOT and SVG keep their shape", () => {
  const mermaid = (text: string): string => renderMermaid(filled(text)).replace(/"[^"\n]*"/g, '""');
  const dot = (text: string): string => renderDot(filled(text)).replace(/"(?:\\.|[^"\\\n])*"/g, '""');
  const elements = (text: string): string[] =>
    [
      ...new DOMParser({ onError: onErrorStopParsing }).parseFromString(renderSvg(filled(text)), "image/svg+xml").getElementsByTagName("*"),
    ].map(({ tagName, attributes }: Element) => `${tagName} ${[...attributes].map(({ name }) => name).join(" ")}`);
  const [calmMermaid, calmDot, calmElements] = [mermaid("calm"), dot("calm"), elements("calm")];
  for (const text of hostile) {
    expect(mermaid(text), JSON.stringify(text)).toBe(calmMermaid);
    expect(dot(text), JSON.stringify(text)).toBe(calmDot);
    expect(elements(text), JSON.stringify(text)).toEqual(calmElements);
    expect(renderMermaid(filled(text)).replaceAll("<br/>", ""), JSON.stringify(text)).not.toMatch(/[<>`@]/);
  }
});

test.each([3, 60])("of %i sandboxes no two boxes and no two texts overlap, and no line crosses a text or a box", (count) => {
  const half = Math.ceil(count / 2);
  const sandboxes = {
    web: { count: half, networks: ["front", "back"] },
    "a-name-longer-than-a-box": { count: count - half, networks: ["back"] },
  };
  const { lab } = sideOf({ ...base, networks: { ...base.networks, back: { mode: "isolated" } }, sandboxes });
  const document = new DOMParser().parseFromString(renderSvg(graphOf(lab)), "image/svg+xml");
  const numbers = (tag: string, ...names: string[]): number[][] =>
    [...document.getElementsByTagName(tag)].map((element) => names.map((name) => Number(element.getAttribute(name))));
  const boxes = numbers("rect", "x", "y", "width", "height").slice(1);
  expect(boxes).toHaveLength(count);
  const texts = [...document.getElementsByTagName("text")].map((element) => {
    const [x, y] = [Number(element.getAttribute("x")), Number(element.getAttribute("y"))];
    // A character of the 13 px font is 7.9 px wide at most.
    return [x, y - 12, (element.textContent ?? "").length * 7.9, 15];
  });
  const lines = [...document.getElementsByTagName("path")].flatMap((path) => {
    const [, fromX, fromY, toX, toY] = /^M([\d.]+) ([\d.]+)H([\d.]+)(?:V([\d.]+))?$/.exec(path.getAttribute("d") ?? "")?.map(Number) ?? [];
    if (fromX === undefined || fromY === undefined || toX === undefined)
      throw new Error(`a line of another form: ${path.getAttribute("d")}`);
    const along = [fromX, fromY, toX - fromX, 0];
    return toY === undefined || Number.isNaN(toY) ? [along] : [along, [toX, Math.min(fromY, toY), 0, Math.abs(toY - fromY)]];
  });
  for (const [x = 0, y = 0, width = 0, height = 0] of lines) {
    for (const [otherX = 0, otherY = 0, otherWidth = 0, otherHeight = 0] of [...texts, ...boxes])
      expect(x + width <= otherX || otherX + otherWidth <= x || y + height <= otherY || otherY + otherHeight <= y).toBe(true);
  }
  for (const shapes of [boxes, texts]) {
    for (const [index, [x = 0, y = 0, width = 0, height = 0]] of shapes.entries()) {
      for (const [otherX = 0, otherY = 0, otherWidth = 0, otherHeight = 0] of shapes.slice(index + 1))
        expect(x + width <= otherX || otherX + otherWidth <= x || y + height <= otherY || otherY + otherHeight <= y).toBe(true);
    }
  }
});
