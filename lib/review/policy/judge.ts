import type { Lab, LabSandbox } from "../../lab/lab.ts";
import { Size } from "../../units/size.ts";
import { costOf } from "../cost.ts";
import { lossText } from "../loss-text.ts";
import { placeOf, type FindPlace } from "../place.ts";
import type { LabReview, PolicyFinding } from "../review.ts";
import { allowedSource } from "./image-sources.ts";
import { plainSecretKeys } from "./plain-secrets.ts";
import type { Policy, PolicyRule } from "./policy.ts";

export interface Case {
  readonly review: LabReview;
  readonly base?: Lab;
  /** Absent where the new lab cannot be read. */
  readonly head?: Lab;
  readonly locate: FindPlace;
  readonly unknownImages?: ReadonlySet<string>;
}

/** What a policy says of one lab's change. Pure. */
export function judge(policy: Policy, given: Case): PolicyFinding[] {
  const { review, head, locate } = given;
  const findings: PolicyFinding[] = [];
  const tell = (rule: PolicyRule, object: string, text: string, path: readonly (string | number)[]): void => {
    const place = placeOf(locate(path));
    const level = policy[rule]?.level ?? "deny";
    findings.push({ rule, level, lab: review.lab, object, text, ...(place && { place }) });
  };
  if (policy.noLoss) judgeLosses(policy.noLoss.labels, given, tell);
  if (!head) return findings;
  if (policy.imageDigest || policy.imageSources) judgeImages(policy, given, head, tell);
  if (policy.noBridged)
    for (const { name, mode } of Object.values(head.networks))
      if (mode === "bridged") tell("noBridged", `network ${name}`, "is on a bridge or a NIC of the host", ["networks", name]);
  const sandboxes = Object.values(head.sandboxes);
  if (policy.limits?.sandboxes !== undefined && sandboxes.length > policy.limits.sandboxes)
    tell("limits", `lab ${head.name}`, `has ${sandboxes.length} sandboxes, and ${policy.limits.sandboxes} are allowed`, ["sandboxes"]);
  // Copies of one sandbox would say the same again.
  const first = new Map(sandboxes.toReversed().map((sandbox) => [sandbox.writtenAs, sandbox]));
  for (const sandbox of first.values()) judgeSandbox(policy, sandbox, tell);
  return findings;
}

type Tell = (rule: PolicyRule, object: string, text: string, path: readonly (string | number)[]) => void;

/** The labels of the base count as well as the new ones: taking a label away in the same change does not help. */
function judgeLosses(labels: Readonly<Record<string, string>>, { review, base, head }: Case, tell: Tell): void {
  const has = (sandbox: LabSandbox | undefined): boolean =>
    sandbox !== undefined && Object.entries(labels).every(([key, value]) => sandbox.labels[key] === value);
  for (const { name, word, losses } of review.sandboxes) {
    const [before, after] = [base?.sandboxes[name], head?.sandboxes[name]];
    if (losses.length === 0 && word !== "rebuild" && word !== "destroy") continue;
    if (!has(before) && !has(after)) continue;
    const lost = losses.length === 0 ? "" : ` and loses ${losses.map(lossText).join(", ")}`;
    tell(
      "noLoss",
      `sandbox ${name}`,
      `would ${word === "destroy" ? "be destroyed" : word === "rebuild" ? "be rebuilt" : "change"}${lost}`,
      ["sandboxes", (after ?? before)?.writtenAs ?? name],
    );
  }
}

function judgeImages(policy: Policy, { unknownImages }: Case, head: Lab, tell: Tell): void {
  for (const { name, source } of Object.values(head.images)) {
    const path = ["images", name];
    if (policy.imageDigest && unknownImages?.has(name))
      tell("imageDigest", `image ${name}`, "has no sha256, and none is in the lock", path);
    if (policy.imageSources && !allowedSource(source, policy.imageSources.allow))
      tell("imageSources", `image ${name}`, "comes from a place that is not allowed", path);
  }
}

function judgeSandbox(policy: Policy, sandbox: LabSandbox, tell: Tell): void {
  const { name, writtenAs, labels } = sandbox;
  const path = ["sandboxes", writtenAs];
  const { limits, requiredLabels } = policy;
  const cost = costOf(sandbox);
  for (const key of ["cpus", "memory", "disk"] as const) {
    const most = limits?.[key];
    const has =
      key === "cpus"
        ? Math.max(cost.cpus, sandbox.maxCpus ?? 0)
        : key === "memory"
          ? Math.max(cost.memory, sandbox.maxMemory ?? 0)
          : cost.disk;
    const shown = (value: number): string => (key === "cpus" ? `${value} CPUs` : `${Size.bytes(value).toString()} of ${key}`);
    if (most !== undefined && has > most)
      tell("limits", `sandbox ${name}`, `has ${shown(has)}, and ${shown(most)} are allowed`, [...path, key]);
  }
  const missing = requiredLabels?.labels.filter((label) => !Object.hasOwn(labels, label)) ?? [];
  if (missing.length > 0) tell("requiredLabels", `sandbox ${name}`, `has no label ${missing.join(", ")}`, path);
  const open = policy.loopbackForwards
    ? (sandbox.forwards ?? []).filter(({ address }) => !/^(127\.[0-9.]+|::1|localhost)$/.test(address))
    : [];
  for (const { address, hostPort } of open)
    tell("loopbackForwards", `sandbox ${name}`, `opens port ${hostPort} of ${address} to other machines`, [...path, "forward"]);
  if (!policy.noPlainSecrets) return;
  const keys = plainSecretKeys(sandbox);
  if (keys.length > 0)
    tell("noPlainSecrets", `sandbox ${name}`, `has what looks like a secret in plain text in ${keys.join(", ")}`, [...path, "cloudInit"]);
}
