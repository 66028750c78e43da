import type { PowerResult } from "../../deploy/power.ts";

const words: Readonly<Record<PowerResult["action"], string>> = {
  started: "started",
  "already-on": "runs already",
  shutdown: "shut down",
  "power-cut": "power cut: it did not shut down in time",
  "already-off": "is off already",
};

/** A line for each sandbox that was started or stopped. */
export function powerText(results: readonly PowerResult[], { force = false }: { readonly force?: boolean } = {}): string {
  return results.map(({ sandbox, action }) => `${sandbox}: ${force && action === "power-cut" ? "power cut" : words[action]}\n`).join("");
}
