import { htmlText } from "../forms/html-escape.ts";
import { visible } from "../forms/visible.ts";
import type { Graph, GraphNode } from "./graph.ts";

const [boxWidth, boxHeight, gapX, gapY, margin, lane] = [190, 78, 24, 22, 20, 14];
/** Sandboxes side by side; 60 of them make ten rows. */
const columns = 6;

/**
 * A topology as SVG: networks are lanes at the top, sandboxes a grid below, and lines lead from each sandbox to its networks between the columns, so that no line crosses a text. Colours come with words and
 * borders, and follow the reader's light or dark theme.
 */
export function renderSvg({ lab, nodes, edges }: Graph): string {
  const [networks, sandboxes] = (["network", "sandbox"] as const).map((kind) => nodes.filter((node) => node.kind === kind)) as [
    GraphNode[],
    GraphNode[],
  ];
  const across = Math.max(1, Math.min(columns, sandboxes.length));
  const most = Math.max(1, ...sandboxes.map(({ id }) => edges.filter(({ from }) => from === id).length));
  const stepX = boxWidth + gapX + most * lane;
  const width = margin * 2 + Math.max(across * stepX, 420);
  const laneY = (index: number): number => margin + 30 + index * 34;
  const top = laneY(networks.length) + 16;
  const height = top + Math.ceil(sandboxes.length / across) * (boxHeight + gapY) + margin;
  const laneOf = new Map(networks.map(({ id }, index) => [id, laneY(index) + 12]));
  const boxes = sandboxes.map((node, index) => {
    const [x, y] = [margin + (index % across) * stepX, top + Math.floor(index / across) * (boxHeight + gapY)];
    const lines = edges
      .filter(({ from }) => from === node.id)
      .map(({ to }, at) => {
        // Each column has its own channel at its right; each line its own place in it.
        const channel = x + boxWidth + 8 + at * lane;
        const start = y + 16 + at * 10;
        return `<path class="line" d="M${x + boxWidth} ${start}H${channel}V${laneOf.get(to) ?? 0}"/><circle cx="${channel}" cy="${laneOf.get(to) ?? 0}" r="3"/>`;
      });
    return `${lines.join("")}${box(node, x, y)}`;
  });
  const lanes = networks.map((node, index) => {
    const y = laneY(index);
    const said = [node.name, ...node.facts, ...(node.mark === undefined ? [] : [node.mark])].map((text) => visible(text, 40)).join(" · ");
    return `<text x="${margin}" y="${y}" class="network ${node.mark ?? "same"}">${htmlText(said)}</text><path class="lane ${node.mark ?? "same"}" d="M${margin} ${y + 12}H${width - margin}"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img"><title>${htmlText(visible(lab, 60))}</title><style>${style}</style>${lanes.join("")}${boxes.join("")}</svg>\n`;
}

function box({ name, facts, mark }: GraphNode, x: number, y: number): string {
  const lines = [name, ...facts.slice(0, 2)].map(
    (text, index) =>
      `<text x="${x + 10}" y="${y + 20 + index * 17}"${index === 0 ? ' class="name"' : ""}>${htmlText(shortened(text))}</text>`,
  );
  const said = mark === undefined ? "" : `<text x="${x + 10}" y="${y + 71}" class="mark">${htmlText(mark)}</text>`;
  return `<rect x="${x}" y="${y}" width="${boxWidth}" height="${boxHeight}" rx="4" class="${mark ?? "same"}"/>${lines.join("")}${said}`;
}

/** 22 characters fit into a box whatever they are: wide ones count twice. */
function shortened(text: string): string {
  let room = 22;
  let shown = "";
  for (const character of visible(text)) {
    room -= (character.codePointAt(0) ?? 0) > 0x2e7f ? 2 : 1;
    if (room < 0) return `${shown}…`;
    shown += character;
  }
  return shown;
}

const style =
  `text{font:13px monospace;fill:#111}.name,.mark,.network{font-weight:bold}rect{fill:#fff;stroke:#666}.line,.lane{fill:none;stroke:#666}.lane{stroke-width:3}circle{fill:#666}
rect.rebuild,rect.destroy{fill:#f9c9a3;stroke:#7a2e00;stroke-width:4}rect.reboot,rect.reseed{fill:#ffe9ad;stroke:#7a5b00;stroke-width:2;stroke-dasharray:6 3}rect.create,rect.update,rect.grow{fill:#cfe4ff;stroke:#003f88;stroke-width:2}
.lane.replaced,.lane.destroy{stroke:#b34000;stroke-dasharray:8 4}.lane.create,.lane.update{stroke:#0060c0}
@media(prefers-color-scheme:dark){text{fill:#eee}rect{fill:#222;stroke:#aaa}.line,.lane{stroke:#aaa}circle{fill:#aaa}rect.rebuild,rect.destroy{fill:#6b2f06}rect.reboot,rect.reseed{fill:#5a4707}rect.create,rect.update,rect.grow{fill:#0b3a70}}`.replaceAll(
    "\n",
    "",
  );
