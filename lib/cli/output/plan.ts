import { lossText } from "../../review/loss-text.ts";
import type { NetworkVerdict, NetworkWord, SandboxVerdict, SandboxWord, Verdicts } from "../../review/verdicts.ts";
import { escapeLine } from "./escape.ts";
import { totalsOf } from "./plan-totals.ts";
import { paint, wrap, type Span, type Style } from "./wrap.ts";

export interface RenderPlanOptions {
  /** Colours and bold. */
  readonly color: boolean;
  /** Columns of the terminal. Default: 100. */
  readonly width?: number;
}

const styles: Readonly<Record<SandboxWord, Style>> = {
  none: "dim",
  create: "green",
  update: "cyan",
  grow: "cyan",
  reboot: "yellow",
  reseed: "yellow",
  rebuild: "red",
  destroy: "red",
};

const networkWords: Readonly<Record<NetworkWord, string>> = {
  none: "unchanged",
  create: "network created",
  update: "network updated",
  replaced: "network replaced",
  destroy: "network destroyed",
};

const networkStyles: Readonly<Record<NetworkWord, Style>> = {
  none: "dim",
  create: "green",
  update: "cyan",
  replaced: "yellow",
  destroy: "red",
};

const wordWidth = 8;
const longestName = 30;

/**
 * What an apply would do, for people: a line for each sandbox and network that changes, what changed behind Terrarium's back, and a sum.
 *
 * ```
 *   web-1  create    1 CPU, 512MiB, 10GiB, 10.20.0.17 (front)
 *   db     rebuild   image debian-12 changed — LOSES root disk (10GiB)
 *   front  network replaced: reserve 32 → 64; reboots web-1
 *
 * 1 to create, 1 to rebuild (1 loss), 1 network to replace.
 * ```
 *
 * A sandbox's own network is told only where it does not just come and go with the sandbox. Names and texts cannot reach the terminal as control sequences.
 *
 * @returns text that ends with a line feed
 */
export function renderVerdicts(verdicts: Verdicts, { color, width = 100 }: RenderPlanOptions): string {
  const sandboxes = verdicts.sandboxes.filter(({ word }) => word !== "none");
  const networks = verdicts.networks.filter((network) => network.word !== "none" && !comesWithSandbox(network, sandboxes));
  const named = [...sandboxes.map(({ name }) => name), ...networks.map(networkName)].map((name) => escapeLine(name).length);
  const nameWidth = Math.min(longestName, Math.max(0, ...named));
  const row = (name: string, text: string, spans: readonly Span[]): string => {
    const lead = `  ${escapeLine(name).padEnd(nameWidth)}  ${text}`;
    const indent = 2 + nameWidth + 2 + wordWidth + 2;
    const lines = wrap(spans, { color, width, indent });
    return [lead + (lines[0] ?? ""), ...lines.slice(1).map((line) => " ".repeat(indent) + line)].join("\n").trimEnd();
  };
  const rows = [
    ...sandboxes.map((sandbox) =>
      row(sandbox.name, `${paint(sandbox.word.padEnd(wordWidth), styles[sandbox.word], color)}  `, sandboxSpans(sandbox)),
    ),
    ...networks.map((network) => networkRow(network, nameWidth, color, width)),
    ...verdicts.others.map(({ address, word }) => row(address, `${word} (not part of the lab)`, [])),
  ];
  const notes = [
    ...verdicts.drift.filter(({ repaired }) => !repaired).map(({ object, text }) => `note: ${object} ${text} (left as it is)`),
    ...verdicts.sandboxes
      .filter(({ word, reasons }) => word === "none" && reasons.length > 0)
      .map(({ name, reasons }) => `note: sandbox ${name}: ${reasons.map(({ text }) => text).join("; ")}`),
  ].map((text) => wrap([{ text, style: "dim" }], { color, width, indent: 2 }).join("\n  "));
  const blocks = [rows, notes.map((line) => `  ${line}`), wrap([{ text: totalsOf(verdicts, networks) }], { color, width, indent: 0 })];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n")}\n`;
}

function sandboxSpans({ facts, reasons, losses }: SandboxVerdict): Span[] {
  const why = reasons.map(({ text }) => text).join("; ");
  const what = facts.join(", ");
  const spans: Span[] = [{ text: what !== "" && why !== "" ? `${what} (${why})` : what + why }];
  if (losses.length > 0) {
    if (why !== "") spans.push({ text: "—" });
    spans.push({ text: `LOSES ${losses.map(lossText).join(", ")}`, style: ["bold", "red"] });
  }
  return spans;
}

function networkRow(network: NetworkVerdict, nameWidth: number, color: boolean, width: number): string {
  const { word, facts, reasons, reboots } = network;
  const parts = [facts.join(", "), ...reasons.map(({ text }) => text), reboots.length > 0 ? `reboots ${reboots.join(", ")}` : ""].filter(
    (part) => part !== "",
  );
  const text = parts.length === 0 ? [] : [{ text: parts.join("; ") }];
  const indent = 2 + nameWidth + 2;
  const head = networkWords[word] + (parts.length === 0 ? "" : ":");
  const lines = wrap([{ text: head, style: networkStyles[word] }, ...text], { color, width: width - 2, indent });
  return `  ${escapeLine(networkName(network)).padEnd(nameWidth)}  ${lines.join(`\n${" ".repeat(indent + 2)}`)}`;
}

/** Its name, and that of its sandbox where it is the sandbox's own. */
function networkName({ name, ownedBy }: NetworkVerdict): string {
  return ownedBy === undefined ? name : `${ownedBy}'s own`;
}

function comesWithSandbox({ ownedBy, word }: NetworkVerdict, sandboxes: readonly SandboxVerdict[]): boolean {
  return (
    (word === "create" || word === "destroy") &&
    sandboxes.some(({ name, word: sandboxWord }) => name === ownedBy && ["create", "destroy", "rebuild"].includes(sandboxWord))
  );
}
