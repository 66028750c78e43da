import { expect, test } from "vitest";
import { parse } from "yaml";
import { documentedRules } from "../../../lib/cloud-init/check/rules.ts";
import { checkNetworkConfig } from "../../../lib/cloud-init/check-network-config.ts";
import { checkUserData } from "../../../lib/cloud-init/check-user-data.ts";

const cases = documentedRules.map((rule) => [rule.code, rule] as const);

function check(text: string, of: "user-data" | "network-config"): ReturnType<typeof checkUserData> {
  return of === "user-data" ? checkUserData(text) : checkNetworkConfig(parse(text) as Record<string, unknown>);
}

test.each(cases)("%s is what its bad example reports, and nothing else", (code, { example, of }) => {
  expect(check(example.bad, of).map((found) => found.code)).toEqual([code]);
});

test.each(cases)("the fixed example of %s reports nothing", (_code, { example, of }) => {
  expect(check(example.good, of)).toEqual([]);
});

test("every code is documented once, and says why", () => {
  const codes = documentedRules.map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
  for (const { because } of documentedRules) expect(because).toMatch(/^\S.*[.)]$/s);
});
