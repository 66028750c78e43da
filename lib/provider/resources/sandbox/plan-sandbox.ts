import type { PlanRequest } from "../../framework/resource.ts";
import { isKnown, isUnknown } from "../../framework/value.ts";
import { nameOnHost, ownerOf, type Client } from "../client.ts";
import { plannedChange } from "../planned-change.ts";
import { planNics } from "./plan-nics.ts";
import { sandboxSpec } from "./sandbox-spec.ts";
import type { SandboxSchema, SandboxState } from "./schema.ts";

type Plan = PlanRequest<SandboxSchema, Client>;

/** Says what a sandbox's plan comes to: MACs, whether it is another sandbox, and what its change takes. */
export function planSandbox(plan: Plan): void {
  const { planned, prior, config, client } = plan;
  const { name } = planned;
  if (typeof name === "string" && client.lab !== undefined) planned.host_name = nameOnHost({ lab: client.lab, name });
  if (isKnown(planned.nics)) {
    const seed = typeof name === "string" && client.deployment !== undefined ? `mac ${client.deployment} ${client.lab} ${name}` : undefined;
    planned.nics = planNics(planned.nics, { config: config.nics, prior: prior?.nics ?? [], seed });
  }
  refuseForwards(plan);
  refuseLimits(plan);
  planReplacement(plan);
  planned.change = plannedChange({ prior, planned, assess: (to: SandboxState) => assess(client, prior, to) });
}

function planReplacement(plan: Plan): void {
  const { planned, prior } = plan;
  if (!prior) return;
  // Another lab in the provider block.
  if (planned.host_name !== prior.host_name) plan.requireReplace("host_name");
  const { disks } = planned;
  // A disk whose id is not known yet is made anew: what was on it is gone, and so is what had booted from it.
  if (isUnknown(disks)) plan.requireReplace("disks");
  else if (disks[0] !== prior.disks[0]) plan.requireReplace("disks", 0);
}

function refuseForwards(plan: Plan): void {
  const { forwards } = plan.planned;
  const { rules } = plan.client;
  if (!rules || rules.capabilities.forwards || isUnknown(forwards) || Object.keys(forwards).length === 0) return;
  plan.report({
    severity: "error",
    path: ["forwards"],
    summary: `hypervisor "${rules.capabilities.hypervisor}" forwards no ports`,
    detail:
      "Leave `forwards` out: the host reaches its sandboxes at their addresses. From elsewhere, tunnel: ssh -L PORT:ADDRESS:GUEST_PORT HOST.",
  });
}

function refuseLimits({ planned, client: { rules }, report }: Plan): void {
  if (!rules) return;
  const { live, hypervisor } = rules.capabilities;
  const limits = [
    ["max_cpus", "cpus", live.cpus],
    ["max_memory", "memory", live.memory],
  ] as const;
  for (const [limit, attribute, can] of limits) {
    if (can || planned[limit] === null || isUnknown(planned[limit])) continue;
    report({
      severity: "error",
      path: [limit],
      summary: `hypervisor "${hypervisor}" cannot change \`${attribute}\` in a running guest`,
      detail: `Leave \`${limit}\` out: another \`${attribute}\` takes a reboot here. Or use the hypervisor "kvm".`,
    });
  }
}

/** A sandbox that does not run has nothing to reboot. */
function assess(client: Client, prior: SandboxState | null, to: SandboxState): string {
  if (!prior) return "created";
  const owner = ownerOf(client, to.name) ?? { deployment: "", lab: "", name: to.name, provider: "", labels: {} };
  const change = client.rules?.sandboxChange(sandboxSpec(prior, { ...owner, name: prior.name }), sandboxSpec(to, owner));
  if (change === "replace") return "created";
  if (to.seed !== prior.seed && to.seed !== null) return "reseed";
  return change === "reboot" && prior.running ? "reboot" : "live";
}
