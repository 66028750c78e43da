import { size } from "../difference.ts";
import type { Cost, LabReview, SandboxReview } from "../review.ts";
import { changedSandboxes } from "../summary.ts";
import { code, fenced, htmlCode } from "./markdown-escape.ts";

/** What is folded away, a part for each sandbox, so that each is there whole or not at all. */
export function labDetails(lab: LabReview): string[] {
  const sum = sumLine(lab);
  const parts = changedSandboxes([lab]).flatMap(({ item }) => sandboxDetails(item));
  return sum === undefined ? parts : [sum, ...parts];
}

function sumLine({ lab, cost: { before, after } }: LabReview): string | undefined {
  const text = costText(before, after);
  return text === "" ? undefined : `All sandboxes of ${code(lab)} together: ${code(text)}.`;
}

/** `CPUs 2 → 4, memory 1GiB → 2GiB`; empty where nothing is different. */
export function costText(before: Cost | undefined, after: Cost | undefined): string {
  const shown = (key: keyof Cost, cost: Cost | undefined): string => {
    const value = cost?.[key] ?? 0;
    return key === "cpus" || value === 0 ? String(value) : size(value);
  };
  const names = { cpus: "CPUs", memory: "memory", disk: "disk" } as const;
  return (["cpus", "memory", "disk"] as const)
    .filter((key) => before?.[key] !== after?.[key])
    .map((key) => `${names[key]} ${shown(key, before)} → ${shown(key, after)}`)
    .join(", ");
}

function sandboxDetails(sandbox: SandboxReview): string[] {
  const { name, word, follows, addresses, image, cost, cloudInit, downtime } = sandbox;
  if (word === "create" || word === "destroy") return [];
  const lines: string[] = follows.map((text) => `- ${code(text)}`);
  if (downtime !== "none") lines.push(`- downtime: ${downtime}`);
  const [from, to] = [addresses.before?.join(", "), addresses.after?.join(", ")];
  if (from !== undefined && to !== undefined && from !== to) lines.push(`- addresses ${code(from)} → ${code(to)}`);
  if (image.before && image.after && (image.before.digest !== image.after.digest || image.before.name !== image.after.name))
    lines.push(
      `- image ${code(`${image.before.name} ${image.before.digest.slice(0, 12)}`)} → ${code(`${image.after.name} ${image.after.digest.slice(0, 12)}`)}`,
    );
  const costs = costText(cost.before, cost.after);
  if (costs !== "") lines.push(`- ${code(costs)}`);
  if (cloudInit) lines.push("", fenced("diff", cloudInit.map(diffText)));
  if (lines.length === 0) return [];
  return [["<details>", `<summary>${htmlCode(name)}: ${word}</summary>`, "", ...lines, "", "</details>"].join("\n")];
}

const marks = { added: "+", removed: "-", same: " ", gap: "@" } as const;

function diffText({ kind, text }: { readonly kind: keyof typeof marks; readonly text: string }): string {
  return kind === "gap" ? "@@ … @@" : `${marks[kind]} ${text}`;
}
