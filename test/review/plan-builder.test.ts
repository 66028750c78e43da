import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { WrittenLab } from "../../lib/lab/written-lab.ts";
import { effectOf } from "../../lib/review/plan-objects.ts";
import { base, withDb } from "./labs.ts";
import { planOf, sideOf } from "./plan-builder.ts";

/**
 * What Terraform 1.11.4 with dmacvicar/libvirt 0.9.7 planned (`-refresh=false`, a libvirtd in a namespace of its own, the state of an applied base lab): per change the
 * objects that it touches, with action and reason.
 */
const recorded = JSON.parse(readFileSync(new URL("./recorded-actions.json", import.meta.url), "utf8")) as Record<
  string,
  Record<string, string>
>;

const changes: Readonly<Record<string, WrittenLab>> = {
  same: base,
  cpus: withDb({ cpus: 2 }),
  disk: withDb({ disk: "20GiB" }),
  noextra: withDb({ disks: [] }),
  addextra: withDb({
    disks: [
      { name: "data", size: "20GiB" },
      { name: "log", size: "1GiB" },
    ],
  }),
  cloudinit: withDb({ cloudInit: { packages: ["redis"] } }),
  labels: withDb({ labels: { a: "b" } }),
  noseed: withDb({ seed: "none", cloudInit: {} }),
  image: { ...base, images: { "debian-12": { ...base.images["debian-12"], sha256: "b".repeat(64) } } },
  reserve: { ...base, networks: { front: { ...base.networks.front, reserve: 64 } } },
  count: { ...base, sandboxes: { ...base.sandboxes, web: { ...base.sandboxes.web, count: 1 } } },
  nodb: { ...base, sandboxes: { web: base.sandboxes.web } },
  protect: withDb({ protect: true }),
};

test.each(Object.entries(changes))("plans made for tests touch what Terraform's own plan touched: %s", (name, after) => {
  const { resource_changes = [] } = planOf({ before: sideOf(base), after: sideOf(after, { previous: base }) });
  // The copy of the lab came later than the recording.
  const touched = resource_changes.filter((change) => effectOf(change) !== "none" && change.address !== "terraform_data.lab");
  const told = touched.map(({ address, change, action_reason }) => [address, `${change.actions.join(",")} ${action_reason ?? ""}`.trim()]);
  expect(Object.fromEntries(told)).toEqual(recorded[name]);
});
