import { htmlText } from "../forms/html-escape.ts";
import { visible } from "../forms/visible.ts";
import type { Graph, GraphNode } from "./graph.ts";

const [boxWidth, boxHeight, gapX, gapY, margin, lane] = [200, 78, 24, 22, 20, 14];
/** Width of a bold character of the font, in pixels, with some to spare: fonts of fixed width have 0.6 of their size. */
const letter = 8.4;
/** Sandboxes side by side; 60 of them make ten rows. */
const columns = 6;

/**
 * A topology as SVG: networks are lanes at the top with their names before them, sandboxes a grid below, and each column of the grid has one line to each network of its sandboxes at its right: so no line
 * crosses a text, and none lies on another network's. Colours come with words and borders, and follow the reader's light or dark theme.
 */
export function renderSvg({ lab, nodes, edges }: Graph): string {
  const [networks, sandboxes] = (["network", "sandbox"] as const).map((kind) => nodes.filter((node) => node.kind === kind)) as [
    GraphNode[],
    GraphNode[],
  ];
  const names = networks.map(laneName);
  const left = margin + Math.max(0, ...names.map((name) => columnsOf(charactersOf(name)))) * letter + (names.length > 0 ? 16 : 0);
  const across = Math.max(1, Math.min(columns, sandboxes.length));
  const networksOf = (id: string): string[] => edges.filter(({ from }) => from === id).map(({ to }) => to);
  // In the order of the lanes: of two lines that lead up, the outer one ends higher.
  const channels = Array.from({ length: across }, (_, column) => {
    const used = new Set(sandboxes.filter((_node, index) => index % across === column).flatMap(({ id }) => networksOf(id)));
    return networks.map(({ id }) => id).filter((id) => used.has(id));
  });
  const stepX = boxWidth + gapX + Math.max(1, ...channels.map(({ length }) => length)) * lane;
  const width = left + Math.max(across * stepX, 300) + margin;
  const laneY = (index: number): number => margin + 10 + index * 26;
  const top = laneY(networks.length) + 12;
  const height = top + Math.ceil(sandboxes.length / across) * (boxHeight + gapY) + margin;
  const laneOf = new Map(networks.map(({ id }, index) => [id, laneY(index)]));
  const boxes = sandboxes.map((node, index) => {
    const [x, y] = [left + (index % across) * stepX, top + Math.floor(index / across) * (boxHeight + gapY)];
    const lines = networksOf(node.id).map((to, at) => {
      const channel = x + boxWidth + 12 + (channels[index % across] ?? []).indexOf(to) * lane;
      const [start, end] = [y + 16 + at * 10, laneOf.get(to) ?? 0];
      return `<path class="line" d="M${x + boxWidth} ${start}H${channel}V${end}"/><circle cx="${channel}" cy="${start}" r="2"/><circle cx="${channel}" cy="${end}" r="4"/>`;
    });
    return `${lines.join("")}${box(node, x, y)}`;
  });
  const lanes = networks.map((node, index) => {
    const y = laneY(index);
    return `<text x="${margin}" y="${y + 4}" class="network">${htmlText(names[index] ?? "")}</text><path class="lane ${node.mark ?? "same"}" d="M${left} ${y}H${width - margin}"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img"><title>${htmlText(visible(lab, 60))}</title><style>${style}</style><rect class="paper" width="${width}" height="${height}"/>${lanes.join("")}${boxes.join("")}</svg>\n`;
}

/** Name, mode and block; what a change does to it. */
const laneName = ({ name, facts, mark }: GraphNode): string =>
  [shortened(name), ...facts.map(shortened), ...(mark === undefined ? [] : [mark])].join(" · ");

function box({ name, facts, mark }: GraphNode, x: number, y: number): string {
  const lines = [name, ...facts.slice(0, 2)].map(
    (text, index) =>
      `<text x="${x + 10}" y="${y + 20 + index * 17}"${index === 0 ? ' class="name"' : ""}>${htmlText(shortened(text))}</text>`,
  );
  const said = mark === undefined ? "" : `<text x="${x + 10}" y="${y + 71}" class="mark">${htmlText(mark)}</text>`;
  return `<rect x="${x}" y="${y}" width="${boxWidth}" height="${boxHeight}" rx="4" class="${mark ?? "same"}"/>${lines.join("")}${said}`;
}

/** 22 characters fit into a box whatever they are. Of a longer text the end stays, too: copies differ there. */
function shortened(text: string): string {
  const characters = charactersOf(visible(text));
  if (columnsOf(characters) <= 22) return characters.join("");
  const end = characters.slice(-4);
  let room = 21 - columnsOf(end);
  const start = characters.filter((character) => (room -= wide(character)) >= 0);
  return `${start.join("")}…${end.join("")}`;
}

const charactersOf = (text: string): string[] => [...new Intl.Segmenter("en").segment(text)].map(({ segment }) => segment);

/** East Asian characters are twice as wide in a font of fixed width. */
const wide = (character: string): number => ((character.codePointAt(0) ?? 0) > 0x2e7f ? 2 : 1);

const columnsOf = (characters: readonly string[]): number => characters.reduce((sum, character) => sum + wide(character), 0);

const style =
  `text{font:13px monospace;fill:#111}.name,.mark,.network{font-weight:bold}rect{fill:#fff;stroke:#666}rect.paper{stroke:none}.line,.lane{fill:none;stroke:#666}.lane{stroke-width:3}circle{fill:#666}
rect.rebuild,rect.destroy{fill:#f9c9a3;stroke:#7a2e00;stroke-width:4}rect.reboot,rect.reseed{fill:#ffe9ad;stroke:#7a5b00;stroke-width:2;stroke-dasharray:6 3}rect.create,rect.update,rect.grow{fill:#cfe4ff;stroke:#003f88;stroke-width:2}
.lane.replaced,.lane.destroy{stroke:#b34000;stroke-dasharray:8 4}.lane.create,.lane.update{stroke:#0060c0}
@media(prefers-color-scheme:dark){text{fill:#eee}rect{fill:#222;stroke:#aaa}rect.paper{fill:#111}.line,.lane{stroke:#aaa}circle{fill:#aaa}rect.rebuild,rect.destroy{fill:#6b2f06}rect.reboot,rect.reseed{fill:#5a4707}rect.create,rect.update,rect.grow{fill:#0b3a70}}`.replaceAll(
    "\n",
    "",
  );
