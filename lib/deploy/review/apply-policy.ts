import { posix } from "node:path";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import type { Lab } from "../../lab/lab.ts";
import type { RepositoryFiles } from "../../git/repository-files.ts";
import { judge } from "../../review/policy/judge.ts";
import { parsePolicy } from "../../review/policy/parse-policy.ts";
import { policyRules, type Policy } from "../../review/policy/policy.ts";
import { loosened } from "../../review/policy/tighter.ts";
import type { PolicyFinding, Review } from "../../review/review.ts";
import type { LabAt } from "./open-lab-at.ts";

const fileName = "terrarium.policy.yaml";

export interface ApplyPolicyOptions {
  readonly review: Review;
  readonly heads: ReadonlyMap<string, LabAt>;
  readonly bases: ReadonlyMap<string, LabAt>;
  readonly tip: RepositoryFiles;
  readonly headFiles: RepositoryFiles;
  /** Rules whose denial somebody has approved, by the word of the CI system: they warn. */
  readonly approved?: readonly string[];
}

/**
 * Adds what the policy says. The base's policy judges: that of the repository's root, and one beside the lab. The change's own policy is applied on top, so that it can only add; where it is weaker
 * than the base's, that is denied, because it would judge the next change.
 *
 * @throws DiagnosticError POLICY_INVALID for the base's; a new one in error is a finding
 */
export async function applyPolicy(options: ApplyPolicyOptions): Promise<Review> {
  const { review, heads, bases, tip, headFiles, approved = [] } = options;
  const folders = new Set(["", ...review.labs.map(({ file }) => posix.dirname(file))]);
  const places = [...folders].map((folder) => posix.join(folder, fileName));
  const [before, after] = [await tip.read(places), await headFiles.read(places)];
  const findings: PolicyFinding[] = [];
  const rules = new Set<string>();
  for (const place of places) {
    const base = parsed(before.get(place), place);
    const head = after.has(place) && after.get(place) !== before.get(place) ? parsePolicy(after.get(place) ?? "", place) : { value: base };
    if (base) findings.push(...loosened(base, after.has(place) ? head.value : undefined, place));
    if (!head.value && after.has(place))
      findings.push({ rule: "policy", level: "deny", lab: "", object: place, text: "the change's policy is not understood" });
    const inForce = [base, head.value].filter((policy): policy is Policy => policy !== undefined);
    for (const rule of policyRules) if (inForce.some((policy) => policy[rule])) rules.add(rule);
    for (const lab of review.labs.filter(({ file }) => place === fileName || posix.dirname(file) === posix.dirname(place))) {
      const at = heads.get(lab.file);
      const former: Lab | undefined = bases.get(lab.file)?.lab;
      const given = {
        review: lab,
        locate: at?.locate ?? (() => undefined),
        ...(former && { base: former }),
        ...(at?.lab && { head: at.lab }),
      };
      for (const policy of new Set(inForce)) findings.push(...judge(policy, { ...given, ...(at && { unknownImages: at.unknownImages }) }));
    }
  }
  const told = new Map<string, PolicyFinding>();
  for (const finding of findings) {
    const level = approved.includes(finding.rule) ? "warn" : finding.level;
    const key = JSON.stringify([finding.rule, finding.lab, finding.object, finding.text]);
    if (told.get(key)?.level !== "deny") told.set(key, { ...finding, level });
  }
  const policy = [...told.values()].toSorted((a, b) => Number(b.level === "deny") - Number(a.level === "deny"));
  return { ...review, policy, ...(rules.size > 0 && { policyRules: [...rules] }) };
}

function parsed(text: string | undefined, file: string): Policy | undefined {
  if (text === undefined) return undefined;
  const { value, diagnostics } = parsePolicy(text, file);
  if (!value) throw new DiagnosticError(diagnostics);
  return value;
}
