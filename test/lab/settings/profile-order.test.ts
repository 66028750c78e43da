import { expect, test } from "vitest";
import { normalizeLab } from "../../../lib/lab/normalize-lab.ts";
import { labOf, normalized, said } from "../lab-fixtures.ts";

const profiles = { small: { cpus: 1, user: "small" }, web: { profiles: "small", cpus: 2 }, big: { cpus: 8 } };

test("a profile wins over those it takes from, a later one over earlier ones, the sandbox over all", () => {
  const { sandboxes } = normalized(
    labOf({ a: { profiles: "web" }, b: { profiles: ["web", "big"] }, c: { profiles: "big", cpus: 3 } }, { profiles }),
  ).lab;
  expect([sandboxes["a"]?.cpus, sandboxes["a"]?.user, sandboxes["b"]?.cpus, sandboxes["c"]?.cpus]).toEqual([2, "small", 8, 3]);
});

test("a profile that is reached twice counts once", () => {
  const shared = { base: { cloudInit: { runCmd: ["x"] } }, a: { profiles: "base" }, b: { profiles: "base" } };
  expect(normalized(labOf({ web: { profiles: ["a", "b"] } }, { profiles: shared })).lab.sandboxes["web"]?.cloudInit.runCmd).toEqual(["x"]);
});

test("an unknown profile is named, with the one that was meant", () => {
  expect(normalizeLab(labOf({ a: { profiles: ["web", "bigg"] } }, { profiles })).diagnostics).toMatchObject([
    { code: "UNKNOWN_PROFILE", path: ["sandboxes", "a", "profiles", 1], nextStep: 'Did you mean "big"?' },
  ]);
});

test("a circle is shown", () => {
  const circle = { a: { profiles: "b" }, b: { profiles: ["c"] }, c: { profiles: "a" } };
  expect(normalizeLab(labOf({ web: { profiles: "a" } }, { profiles: circle })).diagnostics).toMatchObject([
    { code: "PROFILE_CYCLE", path: ["profiles", "c", "profiles"], summary: 'profile "a" inherits from itself: a → b → c → a' },
  ]);
});

test("names that every object has are no profiles", () => {
  expect(said(labOf({ web: { profiles: "constructor" } }))).toEqual(["UNKNOWN_PROFILE sandboxes.web.profiles"]);
});
