import { expect, test } from "vitest";
import { allowedSource } from "../../../lib/review/policy/image-sources.ts";
import { parsePolicy } from "../../../lib/review/policy/parse-policy.ts";
import { loosened } from "../../../lib/review/policy/tighter.ts";
import type { Policy } from "../../../lib/review/policy/policy.ts";

function policy(text: string): Policy {
  const { value, diagnostics } = parsePolicy(`version: 1\nrules:\n${text}`, "p");
  if (!value) throw new Error(diagnostics.map(({ summary }) => summary).join("; "));
  return value;
}

test.each([
  ["rules: {}", "version: expected 1"],
  ["version: 1", "rules: expected a map"],
  ["version: 1\nrules: { noLos: { level: deny } }", "rules.noLos: expected one of"],
  ["version: 1\nrules: { noLoss: { level: block } }", "rules.noLoss.level: expected warn or deny"],
  ["version: 1\nrules: { noLoss: { level: deny, label: x } }", "rules.noLoss.label: expected only level, labels"],
  ["version: 1\nrules: { limits: { level: deny, memory: 16 } }", "rules.limits.memory: expected a size"],
  ["version: 1\nrules: { imageSources: { level: deny } }", "rules.imageSources.allow: expected a list"],
  ["version: 1\nrules: {}\nmore: 1", "more: expected only version and rules"],
  ["{", "expected YAML"],
  ["a: &a [*a]", "expected"],
])("a policy that is not understood is an error: %j", (text, said) => {
  const { value, diagnostics } = parsePolicy(text, "p");
  expect(value).toBeUndefined();
  expect(diagnostics.map(({ summary }) => summary).join("\n")).toContain(said);
});

test.each([
  ["https://images.example/debian/", "https://images.example/debian/12.qcow2", true],
  ["https://images.example/debian", "https://images.example/debian/12.qcow2", true],
  ["https://images.example/debian", "https://images.example/debian-evil/12.qcow2", false],
  ["https://images.example", "https://images.example.evil/12.qcow2", false],
  ["https://images.example", "https://images.example@evil/12.qcow2", false],
  ["https://images.example", "http://images.example/12.qcow2", false],
  ["https://images.example/a/", "https://images.example/a/../b/12.qcow2", false],
  ["https://images.example/a/", "https://images.example/a/%2e%2e/b/12.qcow2", false],
])("an image may come from %s: %s is %s", (allow, url, allowed) => {
  expect(allowedSource({ kind: "url", url, sha256: "" }, [allow])).toBe(allowed);
});

test("a change may make a policy tighter, and nothing else", () => {
  const base = policy(
    "  noLoss: { level: deny, labels: { tier: db } }\n  limits: { level: deny, cpus: 4 }\n  imageSources: { level: warn, allow: [bootstrap, /a] }\n  requiredLabels: { level: deny, labels: [owner] }\n",
  );
  const rules = (head: Policy | undefined) => loosened(base, head, "p").map(({ rule }) => rule);
  expect(rules(base)).toEqual([]);
  expect(rules(undefined)).toEqual(["noLoss", "imageSources", "limits", "requiredLabels"]);
  const tighter: Policy = {
    noLoss: { level: "deny", labels: {} },
    imageSources: { level: "deny", allow: ["bootstrap"] },
    limits: { level: "deny", cpus: 2, memory: 1 },
    requiredLabels: { level: "deny", labels: ["owner", "purpose"] },
    noBridged: { level: "deny" },
  };
  expect(rules(tighter)).toEqual([]);
  expect(rules({ ...tighter, limits: { level: "deny", cpus: 8 } })).toEqual(["limits"]);
  expect(rules({ ...tighter, limits: { level: "deny" } })).toEqual(["limits"]);
  expect(rules({ ...tighter, noLoss: { level: "warn", labels: {} } })).toEqual(["noLoss"]);
  expect(rules({ ...tighter, noLoss: { level: "deny", labels: { tier: "db", more: "x" } } })).toEqual(["noLoss"]);
  expect(rules({ ...tighter, imageSources: { level: "deny", allow: ["bootstrap", "/b"] } })).toEqual(["imageSources"]);
  expect(rules({ ...tighter, requiredLabels: { level: "deny", labels: [] } })).toEqual(["requiredLabels"]);
});
