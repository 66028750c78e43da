import { expect, test } from "vitest";
import type { WrittenLab } from "../../lib/lab/written-lab.ts";
import type { Verdicts } from "../../lib/review/verdicts.ts";
import { verdictsOf } from "../../lib/review/verdicts-of.ts";
import { base, reasons, verdictsBetween, withDb, words } from "./labs.ts";
import { planOf, sideOf, withDrift, type PlanFrom } from "./plan-builder.ts";

const disk = "libvirt_volume.disk_local_db";
const domain = "libvirt_domain.sandbox_local_db";

/** The base lab again, after something went wrong. */
function again(
  more: Omit<PlanFrom, "before" | "after">,
  { applied = true, written = base }: { applied?: boolean; written?: WrittenLab } = {},
): Verdicts {
  const [before, after] = [sideOf(base), sideOf(written, { previous: base })];
  return verdictsOf({ plan: planOf({ before, after, ...more }), lab: after.lab, ...(applied && { applied: before.lab }) });
}

/** What the first sandbox loses. */
function lostDisks({ sandboxes }: Verdicts): string[] {
  return (sandboxes[0]?.losses ?? []).map(({ disk: name }) => name);
}

test("a domain that somebody removed is created again, its disks kept", () => {
  const verdicts = again({ gone: [domain] });
  expect(words(verdicts)).toEqual({ db: "create" });
  expect(reasons(verdicts, "db")).toEqual(["it was removed outside Terrarium"]);
  expect(verdicts.sandboxes[0]?.losses).toEqual([]);
  expect(verdicts.drift).toEqual([{ object: "sandbox db", text: "was removed outside Terrarium", repaired: true }]);
});

test("a root disk that somebody removed is made anew: a rebuild without a loss of ours", () => {
  const verdicts = again({ gone: [disk] });
  expect(words(verdicts)).toEqual({ db: "rebuild" });
  expect(reasons(verdicts, "db")).toEqual(["its root disk was removed outside Terrarium"]);
  expect(verdicts.sandboxes[0]?.losses).toEqual([]);
});

test("a domain whose start failed is made anew, its disks kept", () => {
  const verdicts = again({ tainted: [domain] });
  expect(words(verdicts)).toEqual({ db: "reboot" });
  expect(reasons(verdicts, "db")).toEqual(["it was not made completely"]);
});

test("a disk that a first apply did not finish holds nothing that could be lost", () => {
  for (const applied of [true, false]) {
    const verdicts = again({ tainted: [disk], missing: [domain] }, { applied });
    expect(verdicts.sandboxes[0]).toMatchObject({ word: "rebuild", losses: [], stops: false });
  }
});

test("a disk of a first apply that never made its sandbox may change freely", () => {
  const written = withDb({ disk: "20GiB" });
  expect(again({ missing: [domain] }, { applied: false, written }).sandboxes[0]?.losses).toEqual([]);
});

test("a disk of a sandbox that was applied is a loss, also while its domain is away", () => {
  const written = withDb({ disk: "20GiB" });
  expect(lostDisks(again({ missing: [domain] }, { written }))).toEqual(["root"]);
  expect(lostDisks(again({ gone: [domain] }, { written, applied: false }))).toEqual(["root"]);
});

test("a rest that a failed apply left is told, without what was done already", () => {
  // Labels and image changed; the domain was redefined, then the disk's turn failed.
  const [before, after] = [sideOf(base), sideOf(withDb({ disk: "20GiB", labels: { a: "b" } }), { previous: base })];
  const plan = planOf({ before, after });
  const rest = plan.resource_changes?.map((change) =>
    change.address === domain ? { ...change, change: { ...change.change, actions: ["no-op"] as const } } : change,
  );
  const verdicts = verdictsOf({ plan: { ...plan, resource_changes: rest }, lab: after.lab, applied: before.lab });
  expect(reasons(verdicts, "db")).toEqual(["root disk 10GiB → 20GiB"]);
});

test("without an applied lab the state says why, and a new seed counts as a reseed", () => {
  const written = { ...withDb({ disk: "20GiB", disks: [{ name: "data", size: "40GiB" }], cpus: 2, cloudInit: { packages: ["redis"] } }) };
  const verdicts = again({}, { applied: false, written });
  expect(words(verdicts)).toEqual({ db: "rebuild" });
  expect(reasons(verdicts, "db")).toEqual([
    "root disk 10GiB → 20GiB",
    "disk data 20GiB → 40GiB",
    "cloud-init or network settings changed",
    "its settings changed",
  ]);
  expect(words(again({}, { applied: false, written: withDb({ cloudInit: {} }) }))).toEqual({ db: "reseed" });
  expect(reasons(again({}, { applied: false, written: withDb({ cpus: 2 }) }), "db")).toEqual(["its settings changed"]);
});

test("a secret with another content reseeds, and is told as that", () => {
  const written = withDb({ cloudInit: { runCmd: ["echo ${env:PASSWORD}"] } });
  const [before, after] = [sideOf(written, { fingerprints: { db: "-1111" } }), sideOf(written, { fingerprints: { db: "-2222" } })];
  const verdicts = verdictsOf({ plan: planOf({ before, after }), lab: after.lab, applied: before.lab });
  expect(words(verdicts)).toEqual({ db: "reseed" });
  expect(reasons(verdicts, "db")).toEqual(["a secret in its cloud-init changed"]);
});

test("an applied lab that is not what the state was made from is not trusted about the seed", () => {
  const [before, after] = [sideOf(withDb({ cloudInit: { packages: ["redis"] } })), sideOf(base)];
  // The applied lab says that nothing about cloud-init changed.
  expect(words(verdictsOf({ plan: planOf({ before, after }), lab: after.lab, applied: after.lab }))).toEqual({ db: "reseed" });
});

test("what changed behind Terrarium's back is told with its values, noise is not", () => {
  const side = sideOf(base);
  const plan = planOf({ before: side, after: side });
  const input = { lab: side.lab, applied: side.lab };
  const changed = verdictsOf({
    plan: withDrift(plan, domain, { memory: 1024, autostart: true, id: 7, devices: { videos: [] } }),
    ...input,
  });
  expect(changed.hasChanges).toBe(false);
  expect(changed.drift).toMatchObject([{ object: "sandbox db", repaired: false }]);
  expect(changed.drift[0]?.text).toMatch(
    /^was changed outside Terrarium: autostart false → true, devices\.channels, .*devices\.videos, memory 512MiB → 1GiB$/,
  );
  expect(verdictsOf({ plan: withDrift(plan, disk, { allocation: 7, physical: 9 }), ...input }).drift).toEqual([]);
});

test("numbers in names are ordered as numbers", () => {
  const many: WrittenLab = { ...base, sandboxes: { web: { count: 11, networks: ["front"] } } };
  expect(
    verdictsBetween(many, many)
      .sandboxes.map(({ name }) => name)
      .slice(0, 3),
  ).toEqual(["web-1", "web-2", "web-3"]);
});
