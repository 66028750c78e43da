import { entryOf } from "./entry-of.ts";
import type { LabNetworkMode } from "./lab.ts";
import type { WrittenLab, WrittenNetwork } from "./written-lab.ts";

/** A network's mode: `nat` where nothing is said, so also for sandboxes' own ones. */
export function modeOf(
  { networks }: Pick<WrittenLab, "networks">,
  network: { readonly name: string; readonly own: boolean },
): LabNetworkMode {
  return (network.own ? undefined : entryOf(networks, network.name)?.mode) ?? "nat";
}

/** True for a network that we give addresses in; in others (`bridged`, `none`) nothing is planned. */
export function isServed(mode: LabNetworkMode): boolean {
  return mode !== "bridged" && mode !== "none";
}

/** True for a network through which sandboxes reach the outside. */
export function leadsOut(mode: LabNetworkMode): boolean {
  return mode === "nat" || mode === "routed" || mode === "bridged";
}

/** Whether planning has to do with a network as written. */
export function isPlanned({ mode = "nat" }: WrittenNetwork): boolean {
  return isServed(mode);
}
