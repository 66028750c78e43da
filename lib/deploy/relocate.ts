import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { Cidr } from "../units/cidr.ts";
import { claimsOf } from "../world/claims.ts";
import { findFreeBlock } from "../world/free-block.ts";
import { worldOfOthers, type WorldCheck } from "../world/own-world.ts";
import { findTakenBridges } from "../world/rules/bridge-names.ts";
import { findTakenPorts } from "../world/rules/ports.ts";
import { blocksOf, findOverlaps } from "../world/rules/overlaps.ts";
import type { Lab } from "../lab/lab.ts";
import type { OverlaidNetwork, Overlay } from "../lab/overlay/overlay.ts";
import type { World } from "../world/world.ts";

/**
 * Chooses for each network that is in the way of something on a host the next free block, and for each bridge the next free name. Pure.
 *
 * @param deployment what was applied already @default - nothing
 * @param applied the lab as it was applied @default - it was not
 * @returns the networks that move, in no way the others
 */
export function chooseOverlay(lab: Lab, worlds: readonly World[], deployment?: string, applied?: Lab): Overlay {
  const checks = worlds.map((world) => worldOfOthers(lab, world, deployment, applied));
  const taken = [...checks.flatMap(({ world }) => claimsOf(world).map(({ block }) => block)), ...blocksOf(lab)];
  const networks: Record<string, OverlaidNetwork> = {};
  for (const { network } of checks.flatMap(findOverlaps)) {
    if (networks[network.name]?.cidr !== undefined || network.cidr === undefined) continue;
    const free = findFreeBlock(lab.name, network.name, Cidr.parse(network.cidr).prefix, taken);
    // None is left: the finding stays, and says so.
    if (free === undefined) continue;
    taken.push(free);
    networks[network.name] = { ...networks[network.name], cidr: free.toString() };
  }
  for (const { network, free } of checks.flatMap((check: WorldCheck) => findTakenBridges(check)))
    networks[network.name] = { ...networks[network.name], bridge: free };
  const forwards: Record<string, Record<string, number>> = {};
  for (const { sandbox, forward, free } of checks.flatMap(findTakenPorts)) {
    if (free !== undefined) forwards[sandbox.name] = { ...forwards[sandbox.name], [forward.name]: free };
  }
  return { networks, ...(Object.keys(forwards).length > 0 && { forwards }) };
}

/** What has moved, for people. */
export function relocations({ networks, forwards = {} }: Overlay, lab: Lab): Diagnostic[] {
  const ports = Object.entries(forwards).flatMap(([sandbox, list]) =>
    Object.entries(list).map(([name, port]): Diagnostic => {
      const before = lab.sandboxes[sandbox]?.forwards?.find((forward) => forward.name === name)?.hostPort;
      return {
        code: "RELOCATED",
        severity: "notice",
        summary: `forward ${name} of sandbox "${sandbox}" moves from port ${before} to ${port} on this machine; the lock stays as it is`,
      };
    }),
  );
  const moved = Object.entries(networks).map(([name, { cidr, bridge }]): Diagnostic => {
    const before = Object.values(lab.networks).find((network) => network.name === name);
    const moves = [cidr && `from ${before?.cidr ?? "its block"} to ${cidr}`, bridge && `from bridge ${before?.bridge ?? ""} to ${bridge}`];
    return {
      code: "RELOCATED",
      severity: "notice",
      summary: `network "${name}" moves ${moves.filter(Boolean).join(", and ")} on this machine; the lock stays as it is`,
    };
  });
  return [...moved, ...ports];
}
