import type { Lab, LabSandbox } from "../lab/lab.ts";
import { networkKey } from "../lab/lab.ts";
import type { Verdicts } from "../review/verdicts.ts";

/** The sandboxes that `--target` names: by their name, or by the one they were written under. */
export function targetedSandboxes(lab: Lab, targets: readonly string[]): LabSandbox[] {
  return Object.values(lab.sandboxes).filter(({ name, writtenAs }) => targets.includes(name) || targets.includes(writtenAs));
}

/**
 * What is out there after an apply that was limited to targets: those as the lab says now, everything else as it was applied before. Recording the whole lab would
 * claim sandboxes that were never made.
 */
export function labAfterTargets(lab: Lab, applied: Lab | undefined, targets: readonly string[]): Lab {
  const sandboxes = targetedSandboxes(lab, targets);
  const needed = new Set(sandboxes.flatMap(({ host, nics }) => nics.map(({ network }) => networkKey(host, network))));
  const networks = Object.entries(lab.networks).filter(
    ([key, { name, ownedBy }]) => needed.has(key) || (ownedBy === undefined && targets.includes(name)),
  );
  return {
    ...lab,
    hosts: { ...applied?.hosts, ...lab.hosts },
    images: { ...applied?.images, ...lab.images },
    networks: { ...applied?.networks, ...Object.fromEntries(networks) },
    sandboxes: { ...applied?.sandboxes, ...Object.fromEntries(sandboxes.map((sandbox) => [sandbox.name, sandbox])) },
  };
}

/** What is out there after a destroy that was limited to targets: all but what it destroyed. */
export function labWithoutDestroyed(lab: Lab, verdicts: Pick<Verdicts, "sandboxes" | "networks">): Lab {
  const destroyed = <T extends { readonly word: string }>(all: readonly T[]): T[] => all.filter(({ word }) => word === "destroy");
  const sandboxes = new Set(destroyed(verdicts.sandboxes).map(({ name }) => name));
  const networks = new Set(destroyed(verdicts.networks).map(({ host, name }) => networkKey(host, name)));
  return {
    ...lab,
    networks: Object.fromEntries(Object.entries(lab.networks).filter(([key]) => !networks.has(key))),
    sandboxes: Object.fromEntries(Object.entries(lab.sandboxes).filter(([name]) => !sandboxes.has(name))),
  };
}
