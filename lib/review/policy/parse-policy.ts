import { parseDocument } from "yaml";
import type { Checked, Diagnostic } from "../../diagnostics/diagnostic.ts";
import { Size } from "../../units/size.ts";
import { asRecord } from "../values.ts";
import { policyRules, type Policy, type PolicyLevel } from "./policy.ts";

type Values = Readonly<Record<string, unknown>>;

/**
 * Reads `terrarium.policy.yaml`. Whatever is not understood is an error: a rule that nobody applies would be worse than none.
 *
 * Reports `POLICY_INVALID`.
 */
export function parsePolicy(text: string, file: string): Checked<Policy> {
  const diagnostics: Diagnostic[] = [];
  const report = (path: readonly string[], expected: string): void =>
    void diagnostics.push({
      code: "POLICY_INVALID",
      severity: "error",
      summary: `${file}: ${path.length === 0 ? "" : `${path.join(".")}: `}expected ${expected}`,
      nextStep: "See docs/review.md for the rules of a policy and what each takes.",
    });
  const root = readMap(text);
  if (typeof root === "string") {
    report([], `YAML with the keys version and rules (${root})`);
    return { diagnostics };
  }
  if (root["version"] !== 1) report(["version"], "1");
  for (const key of Object.keys(root)) if (!["version", "rules"].includes(key)) report([key], "only version and rules");
  const rules = asRecord(root["rules"]);
  if (!rules) report(["rules"], `a map of ${policyRules.join(", ")}`);
  for (const key of Object.keys(rules ?? {}))
    if (!policyRules.some((rule) => rule === key)) report(["rules", key], `one of ${policyRules.join(", ")}`);
  const policy = readRules(rules ?? {}, report);
  return diagnostics.length > 0 ? { diagnostics } : { value: policy, diagnostics };
}

/** @returns what is wrong, where it is no map. A new policy is somebody else's text: aliases are refused, and a text that the parser gives up on is one that is not understood. */
function readMap(text: string): Values | string {
  try {
    const document = parseDocument(text);
    return document.errors[0]?.message.split("\n")[0] ?? asRecord(document.toJS({ maxAliasCount: 0 })) ?? "found no map";
  } catch (error) {
    if (error instanceof ReferenceError) return "found an alias";
    if (error instanceof RangeError) return "nested too deep";
    throw error;
  }
}

type Report = (path: readonly string[], expected: string) => void;

function readRules(rules: Values, report: Report): Policy {
  const rule = (name: string, keys: readonly string[]): { level: PolicyLevel; values: Values } | undefined => {
    if (!Object.hasOwn(rules, name)) return undefined;
    const values = asRecord(rules[name]);
    const level = values?.["level"];
    if (level !== "warn" && level !== "deny") report(["rules", name, "level"], "warn or deny");
    for (const key of Object.keys(values ?? {}))
      if (key !== "level" && !keys.includes(key)) report(["rules", name, key], `only level${keys.map((one) => `, ${one}`).join("")}`);
    return { level: level === "warn" ? "warn" : "deny", values: values ?? {} };
  };
  const [noLoss, limits] = [rule("noLoss", ["labels"]), rule("limits", ["cpus", "memory", "disk", "sandboxes"])];
  const [sources, labels] = [rule("imageSources", ["allow"]), rule("requiredLabels", ["labels"])];
  const forwards = rule("loopbackForwards", []);
  const [digest, bridged, secrets] = [rule("imageDigest", []), rule("noBridged", []), rule("noPlainSecrets", [])];
  return {
    ...(noLoss && { noLoss: { level: noLoss.level, labels: texts(noLoss.values["labels"] ?? {}, ["rules", "noLoss", "labels"], report) } }),
    ...(digest && { imageDigest: { level: digest.level } }),
    ...(sources && {
      imageSources: { level: sources.level, allow: list(sources.values["allow"], ["rules", "imageSources", "allow"], report) },
    }),
    ...(bridged && { noBridged: { level: bridged.level } }),
    ...(forwards && { loopbackForwards: { level: forwards.level } }),
    ...(secrets && { noPlainSecrets: { level: secrets.level } }),
    ...(limits && { limits: { level: limits.level, ...readLimits(limits.values, report) } }),
    ...(labels && {
      requiredLabels: { level: labels.level, labels: list(labels.values["labels"], ["rules", "requiredLabels", "labels"], report) },
    }),
  };
}

function readLimits(values: Values, report: Report): Partial<Record<"cpus" | "memory" | "disk" | "sandboxes", number>> {
  const read = (["cpus", "memory", "disk", "sandboxes"] as const).flatMap((key) => {
    const value = values[key];
    if (value === undefined) return [];
    const isSize = key === "memory" || key === "disk";
    const number = isSize && typeof value === "string" ? Size.tryParse(value)?.bytes : isSize ? undefined : value;
    if (typeof number === "number" && Number.isSafeInteger(number) && number > 0) return [[key, number] as const];
    report(["rules", "limits", key], isSize ? "a size such as 16GiB" : "a whole number above 0");
    return [];
  });
  return Object.fromEntries(read);
}

function texts(value: unknown, path: readonly string[], report: Report): Readonly<Record<string, string>> {
  const map = asRecord(value);
  if (map && Object.values(map).every((one) => typeof one === "string")) return map as Readonly<Record<string, string>>;
  report(path, "a map of labels and their values, as text");
  return {};
}

function list(value: unknown, path: readonly string[], report: Report): readonly string[] {
  if (Array.isArray(value) && value.every((one): one is string => typeof one === "string")) return value;
  report(path, "a list of texts");
  return [];
}
