import { networkKey, type Lab } from "../lab/lab.ts";
import { change } from "./difference.ts";
import { networkFacts } from "./network-facts.ts";
import { factsOf } from "./sandbox-facts.ts";
import type { NetworkVerdict, Reason, SandboxVerdict, Verdicts } from "./verdicts.ts";

/** True if a lab is for another provider or hypervisor than it was applied with: then everything is destroyed first, and made by a second apply. */
export function engineChanges(applied: Lab | undefined, lab: Lab): applied is Lab {
  return applied !== undefined && (applied.provider !== lab.provider || applied.hypervisor !== lab.hypervisor);
}

/**
 * What both applies together do: the plan can only be for the first one, since the second needs the names that the first gives free.
 *
 * @param destroying the verdicts of the plan that destroys everything that was applied
 */
export function engineChangeVerdicts(destroying: Verdicts, applied: Lab, lab: Lab): Verdicts {
  const reasons: Reason[] = (["hypervisor", "provider"] as const)
    .filter((key) => applied[key] !== lab[key])
    .map((key) => ({ text: `${key} ${change(applied[key], lab[key])}`, path: [key] }));
  const destroyed = new Map(destroying.sandboxes.map((verdict) => [verdict.name, verdict]));
  const sandboxes = Object.values(lab.sandboxes).map((sandbox): SandboxVerdict => {
    const before = destroyed.get(sandbox.name);
    const { name, host } = sandbox;
    const path = ["sandboxes", sandbox.writtenAs];
    if (!before || before.word === "none")
      return { name, host, word: "create", reasons: [], losses: [], facts: factsOf(sandbox), stops: false, path };
    return { ...before, host, word: "rebuild", reasons, path };
  });
  const networks = Object.values(lab.networks).map((network): NetworkVerdict => {
    const { name, host, ownedBy } = network;
    const before = destroying.networks.find((verdict) => verdict.name === name && verdict.host === host);
    const path = ownedBy === undefined ? ["networks", name] : ["sandboxes", lab.sandboxes[ownedBy]?.writtenAs ?? ownedBy];
    const same = { name, host, ...(ownedBy !== undefined && { ownedBy }), reboots: [], path };
    return before
      ? { ...same, word: "replaced", reasons, facts: [] }
      : { ...same, word: "create", reasons: [], facts: networkFacts(network) };
  });
  return {
    ...destroying,
    sandboxes: [...sandboxes, ...destroying.sandboxes.filter(({ name, word }) => word !== "none" && !Object.hasOwn(lab.sandboxes, name))],
    networks: [...networks, ...destroying.networks.filter(({ name, host }) => !Object.hasOwn(lab.networks, networkKey(host, name)))],
    hasChanges: true,
  };
}
