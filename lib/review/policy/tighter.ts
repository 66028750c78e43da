import type { PolicyFinding } from "../review.ts";
import { policyRules, type Policy, type PolicyRule } from "./policy.ts";

/** Rules of the base that a change takes away or makes weaker. Pure. */
export function loosened(base: Policy, head: Policy | undefined, file: string): PolicyFinding[] {
  return policyRules
    .filter((rule) => base[rule] !== undefined && !isAsTight(rule, base, head))
    .map((rule) => ({
      rule,
      level: "deny",
      lab: "",
      object: file,
      text: head?.[rule] === undefined ? "the change takes this rule away" : "the change makes this rule weaker",
    }));
}

function isAsTight(rule: PolicyRule, base: Policy, head: Policy | undefined): boolean {
  if (head?.[rule] === undefined || (base[rule]?.level === "deny" && head[rule].level === "warn")) return false;
  if (rule === "noLoss") {
    // Fewer labels mean more sandboxes.
    const labels = base.noLoss?.labels ?? {};
    return Object.entries(head.noLoss?.labels ?? {}).every(([key, value]) => labels[key] === value);
  }
  if (rule === "imageSources") return head.imageSources?.allow.every((place) => base.imageSources?.allow.includes(place)) ?? false;
  if (rule === "requiredLabels") return base.requiredLabels?.labels.every((label) => head.requiredLabels?.labels.includes(label)) ?? true;
  if (rule !== "limits") return true;
  return (["cpus", "memory", "disk", "sandboxes"] as const).every(
    (key) => base.limits?.[key] === undefined || (head.limits?.[key] ?? Number.POSITIVE_INFINITY) <= base.limits[key],
  );
}
