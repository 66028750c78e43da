import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { driftText } from "../../lib/review/drift.ts";
import { verdictsOf } from "../../lib/review/verdicts-of.ts";
import type { Verdicts } from "../../lib/review/verdicts.ts";
import type { Plan } from "../../lib/terraform/plan.ts";
import { words } from "./labs.ts";
import { ownBase, ownChanges } from "./own-labs.ts";
import { sideOf } from "./plan-builder.ts";

/** Plans that Terraform made with our own provider: `test/integration/tools/review` records them, and sees that they are still so. */
const plans = JSON.parse(readFileSync(new URL("./recorded-own-plans.snap", import.meta.url), "utf8")) as Record<string, Plan>;
const base = sideOf(ownBase).lab;

function judged(name: string): Verdicts {
  const plan = plans[name];
  if (!plan) throw new Error(`no plan "${name}" is recorded`);
  const after = ownChanges[name];
  return verdictsOf({ plan, lab: after ? sideOf(after, { previous: ownBase }).lab : base, applied: base });
}

/** `word: reasons; LOSES disks` of one sandbox. */
function line({ sandboxes }: Verdicts, name: string): string {
  const { word, reasons, losses } = sandboxes.find((sandbox) => sandbox.name === name) ?? { word: "?", reasons: [], losses: [] };
  return `${word}: ${reasons.map(({ text }) => text).join("; ")}${losses.length > 0 ? ` LOSES ${losses.map(({ disk }) => disk).join(" ")}` : ""}`;
}

const expected: Readonly<Record<string, string>> = {
  same: "none: ",
  cpus: "reboot: CPUs 1 → 2",
  labels: "update: label a added",
  autostart: "update: autostart false → true",
  protect: "update: protect false → true",
  grow: "grow: root disk 10GiB → 20GiB",
  growExtra: "grow: disk data 20GiB → 30GiB",
  growAndReboot: "reboot: root disk 10GiB → 20GiB; memory 512MiB → 1GiB",
  noExtra: "update: disk data removed LOSES data",
  addExtra: "update: disk log added",
  cloudInit: "reseed: cloud-init changed: packages",
  noSeed: "reboot: seed nocloud → none",
  address: "reboot: address in network front 10.20.0.29 → 10.20.0.99",
  addNic: "reboot: network back added",
  image: "rebuild: image debian-12 changed LOSES root",
  destroy: "destroy:  LOSES root data",
};

test.each(Object.entries(expected))("%s: %s", (name, said) => {
  expect(line(judged(name), "db").replace("destroy: removed from the lab", "destroy: ")).toBe(said);
});

test("CPUs and memory within their limits are an update, other limits a reboot", () => {
  expect(line(judged("cpusLive"), "roomy")).toBe("update: CPUs 1 → 3");
  expect(line(judged("memoryLive"), "roomy")).toMatch(/^update: memory \S+ → 2GiB$/);
  expect(line(judged("limits"), "roomy")).toBe("reboot: limit of CPUs 4 → 8; limit of memory 4GiB → 8GiB");
  expect([judged("cpusLive"), judged("limits")].map(({ sandboxes }) => sandboxes.find(({ name }) => name === "roomy")?.stops)).toEqual([
    false,
    true,
  ]);
});

test("only what the change is about has a verdict", () => {
  expect(judged("same").hasChanges).toBe(false);
  expect(words(judged("cpus"))).toEqual({ db: "reboot" });
  expect(words(judged("fewer"))).toEqual({ "web-2": "destroy" });
  expect(words(judged("more"))).toEqual({ "web-3": "create" });
  for (const name of Object.keys(plans)) expect(judged(name).others).toEqual([]);
});

test("a sandbox stops exactly where the provider says that it takes a reboot", () => {
  const stopping = Object.keys(expected).filter((name) => judged(name).sandboxes.some(({ stops }) => stops));
  expect(stopping.toSorted()).toEqual(["addNic", "address", "cloudInit", "cpus", "destroy", "growAndReboot", "image", "noSeed"]);
});

test("a network is updated live where addresses come and go, and replaced for another block", () => {
  const network = (name: string) => judged(name).networks.find((verdict) => verdict.name === "front");
  expect(network("more")).toMatchObject({ word: "update", reasons: [{ text: "address of web-3 added" }], reboots: [] });
  expect(network("fewer")).toMatchObject({ word: "update", reasons: [{ text: "address of web-2 removed" }] });
  expect(network("address")).toMatchObject({ word: "update", reasons: [{ text: "address of db changed" }] });
  expect(network("block")).toMatchObject({ word: "replaced", reboots: ["db", "web-1", "web-2"] });
});

test("a sandbox that somebody stopped is told, and started without a stop", () => {
  const { sandboxes, drift } = judged("stopped");
  expect(sandboxes.filter(({ word }) => word !== "none")).toMatchObject([{ word: "update", stops: false, losses: [] }]);
  expect(drift).toMatchObject([{ text: "was changed outside Terrarium: running true → false", repaired: true }]);
});

test("without an applied lab the plan itself gives the reasons and the sizes of what is lost", () => {
  const [plan, image] = [plans["growAndReboot"] as Plan, plans["image"] as Plan];
  const lab = (name: string) => sideOf(ownChanges[name] ?? ownBase, { previous: ownBase }).lab;
  expect(line(verdictsOf({ plan, lab: lab("growAndReboot") }), "db")).toBe("reboot: root disk 10GiB → 20GiB; its settings changed");
  const [db] = verdictsOf({ plan: image, lab: lab("image") }).sandboxes;
  expect(db).toMatchObject({ word: "rebuild", reasons: [{ text: "its image changed" }], losses: [{ disk: "root", size: 10 * 2 ** 30 }] });
});

test("drift of memory is told with its size, what the provider says beside the settings not at all", () => {
  const [resource] = plans["cpus"]?.resource_changes ?? [];
  if (!resource) throw new Error("the plan has no change");
  const change = {
    actions: ["update"] as const,
    before: { memory: "512MiB", change: "created" },
    after: { memory: "1024MiB", change: "live" },
  };
  expect(driftText({ ...resource, change })).toBe("was changed outside Terrarium: memory 512MiB → 1GiB");
});
