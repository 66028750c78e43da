import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Lab } from "../lab/lab.ts";
import { worldOfOthers } from "./own-world.ts";
import { bridgeDiagnostics } from "./rules/bridge-names.ts";
import { checkFirewall } from "./rules/firewall.ts";
import { checkForwarding } from "./rules/forwarding.ts";
import { checkHostOnly } from "./rules/host-only.ts";
import { checkNetworkServices } from "./rules/network-services.ts";
import { overlapDiagnostics } from "./rules/overlaps.ts";
import { portDiagnostics } from "./rules/ports.ts";
import type { World } from "./world.ts";

/**
 * What a host has against a lab, before anything is made: an error where the lab could not come up or would cut something off, a warning where it comes up and something would not work.
 * Pure.
 *
 * @param deployment id of what was applied already @default - nothing
 * @param applied the lab as it was applied @default - it was not
 * @returns each finding with both sides, the next free choice, and the command that solves it
 */
export function checkWorld(lab: Lab, world: World, deployment?: string, applied?: Lab): Diagnostic[] {
  const check = worldOfOthers(lab, world, deployment, applied);
  return [
    ...overlapDiagnostics(check),
    ...bridgeDiagnostics(check),
    ...portDiagnostics(check),
    ...checkForwarding(check),
    ...checkFirewall(check),
    ...checkNetworkServices(check),
    ...checkHostOnly(check),
  ];
}
