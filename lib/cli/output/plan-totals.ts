import type { NetworkVerdict, NetworkWord, SandboxWord, Verdicts } from "../../review/verdicts.ts";
import { counted } from "./counted.ts";

const sandboxWords: readonly SandboxWord[] = ["create", "update", "grow", "reboot", "reseed", "rebuild", "destroy"];

const networkVerbs: readonly [NetworkWord, string][] = [
  ["create", "create"],
  ["update", "update"],
  ["replaced", "replace"],
  ["destroy", "destroy"],
];

/**
 * The sum under a plan: `3 to create, 1 to rebuild (1 loss), 1 network to replace, 2 unchanged.`
 *
 * @param networks those that are shown
 */
export function totalsOf(verdicts: Verdicts, networks: readonly NetworkVerdict[]): string {
  if (!verdicts.hasChanges) return "No changes.";
  const parts = sandboxWords.flatMap((word) => {
    const some = verdicts.sandboxes.filter((sandbox) => sandbox.word === word);
    const losses = some.reduce((sum, sandbox) => sum + sandbox.losses.length, 0);
    return some.length === 0 ? [] : [`${some.length} to ${word}${losses === 0 ? "" : ` (${counted(losses, "loss", "losses")})`}`];
  });
  for (const [word, verb] of networkVerbs) {
    const count = networks.filter((network) => network.word === word).length;
    if (count > 0) parts.push(`${counted(count, "network")} to ${verb}`);
  }
  if (verdicts.others.length > 0) parts.push(counted(verdicts.others.length, "other object"));
  if (parts.length === 0) return "No changes to sandboxes and networks; Terrarium's own records are brought up to date.";
  const unchanged = verdicts.sandboxes.filter(({ word }) => word === "none").length;
  if (unchanged > 0) parts.push(`${unchanged} unchanged`);
  return `${parts.join(", ")}.`;
}
