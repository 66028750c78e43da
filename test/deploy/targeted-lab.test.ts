import { expect, test } from "vitest";
import { labAfterTargets, labWithoutDestroyed, targetedSandboxes } from "../../lib/deploy/targeted-lab.ts";
import type { Lab } from "../../lib/lab/lab.ts";
import { normalizeLab } from "../../lib/lab/normalize-lab.ts";
import type { WrittenLab } from "../../lib/lab/written-lab.ts";
import { verdictsBetween } from "../review/labs.ts";

function written(sandboxes: WrittenLab["sandboxes"]): WrittenLab {
  return {
    lab: "t",
    images: { tiny: { path: "/tiny.qcow2", sha256: "a".repeat(64) } },
    defaults: { image: "tiny" },
    networks: { front: { mode: "nat", cidr: "10.20.0.0/24" }, back: { mode: "isolated", cidr: "10.21.0.0/24" } },
    sandboxes,
  };
}

function lab(sandboxes: WrittenLab["sandboxes"]): Lab {
  const { value } = normalizeLab(written(sandboxes));
  if (!value) throw new Error("expected a valid lab");
  return value.lab;
}

const twoWebs = { web: { count: 2, networks: ["front"] }, db: {} };

test("a target names one copy, or all of them", () => {
  expect(targetedSandboxes(lab(twoWebs), ["web-2"]).map(({ name }) => name)).toEqual(["web-2"]);
  expect(targetedSandboxes(lab(twoWebs), ["web", "front"]).map(({ name }) => name)).toEqual(["web-1", "web-2"]);
});

test("after a first apply of one target only that and its networks are out there", () => {
  const after = labAfterTargets(lab(twoWebs), undefined, ["db"]);
  expect([Object.keys(after.sandboxes), Object.keys(after.networks)]).toEqual([["db"], ["local/db"]]);
});

test("what was applied before stays as it was beside a target, also where the lab says something else by now", () => {
  const before = lab({ web: { memory: "1GiB" }, old: {} });
  const now = lab({ web: { memory: "2GiB" }, db: { networks: ["back"] }, new: {} });
  const after = labAfterTargets(now, before, ["db"]);
  expect(Object.keys(after.sandboxes).sort()).toEqual(["db", "old", "web"]);
  expect(after.sandboxes["web"]).toEqual(before.sandboxes["web"]);
  expect(Object.keys(after.networks)).toContain("local/back");
});

test("a network can be a target of its own", () => {
  const after = labAfterTargets(lab(twoWebs), undefined, ["front"]);
  expect([Object.keys(after.sandboxes), Object.keys(after.networks)]).toEqual([[], ["local/front"]]);
});

test("after a limited destroy what it destroyed is no longer out there", () => {
  const verdicts = verdictsBetween(written(twoWebs), written({ web: { count: 2, networks: ["front"] } }));
  const after = labWithoutDestroyed(lab(twoWebs), verdicts);
  expect(Object.keys(after.sandboxes).sort()).toEqual(["web-1", "web-2"]);
  expect(Object.keys(after.networks)).not.toContain("local/db");
});
