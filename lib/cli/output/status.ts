import type { SandboxStatus } from "../../deploy/sandbox-status.ts";
import { escapeLine } from "./escape.ts";
import { renderTable } from "./table.ts";

/** The table of `terrarium status`. An address in brackets is planned: nothing has confirmed it yet. */
export function statusTable(sandboxes: readonly SandboxStatus[]): string {
  return renderTable(
    ["SANDBOX", "STATE", "ADDRESS", "HOST", "IMAGE"],
    sandboxes.map(({ name, state, addresses, host, image }) => [
      name,
      state,
      addresses.map(({ address, seen }) => (address === undefined ? "-" : seen ? address : `(${address})`)).join(" "),
      host,
      image,
    ]),
  );
}

/** What the table has no column for, a line each. */
export function statusLines(sandboxes: readonly SandboxStatus[]): string {
  return sandboxes
    .flatMap(({ name, state, reason, addresses }) => {
      const others = addresses.flatMap((entry) => entry.others.map((other) => `${entry.network} ${other}`));
      return [
        ...(state === "stranger" ? [`${name}: the host has something of this name that is not this lab's; see terrarium list.`] : []),
        ...(state === "absent" ? [`${name}: not on its host; terrarium apply makes it.`] : []),
        ...(reason !== undefined && (state === "paused" || state === "crashed") ? [`${name}: ${state}, ${reason}`] : []),
        ...(others.length > 0 ? [`${name} also has ${others.join(", ")}.`] : []),
      ];
    })
    .map((line) => `${escapeLine(line)}\n`)
    .join("");
}

/** One line per sandbox, for those that watch without a terminal: a line that differs from the former is a change. */
export function statusLine({ name, state, addresses }: SandboxStatus): string {
  const seen = addresses.filter((entry) => entry.seen).map(({ address }) => address);
  return escapeLine(`${name}: ${state}${seen.length > 0 ? ` ${seen.join(" ")}` : ""}`);
}
