import { expect, test } from "vitest";
import type { WrittenLab, WrittenSandbox } from "../../lib/lab/written-lab.ts";
import { affectedByStop } from "../../lib/review/affected-by-stop.ts";
import { verdictsOf } from "../../lib/review/verdicts-of.ts";
import { base, reasons, verdictsBetween, withDb, words } from "./labs.ts";
import { planOf, sideOf } from "./plan-builder.ts";

const gibibyte = 1024 ** 3;

test("an unchanged lab has no changes, and a verdict for each sandbox", () => {
  const verdicts = verdictsBetween(base, base);
  expect(verdicts.hasChanges).toBe(false);
  expect(verdicts.sandboxes.map(({ name, word, host }) => [name, word, host])).toEqual([
    ["db", "none", "local"],
    ["web-1", "none", "local"],
    ["web-2", "none", "local"],
  ]);
  expect(affectedByStop(verdicts)).toEqual([]);
});

test("a first apply creates everything and says what", () => {
  const after = sideOf(base);
  const verdicts = verdictsOf({ plan: planOf({ after }), lab: after.lab });
  expect(words(verdicts)).toEqual({ "web-1": "create", "web-2": "create", db: "create" });
  const [db] = verdicts.sandboxes;
  expect(db).toMatchObject({ losses: [], reasons: [], stops: false, path: ["sandboxes", "db"] });
  expect(db?.facts).toEqual(["1 CPU", "512MiB", "10GiB", "disk data 20GiB", expect.stringMatching(/^10\.20\.0\.\d+ \(front\)$/)]);
  expect(verdicts.networks).toMatchObject([{ name: "front", word: "create", facts: ["nat", "10.20.0.0/24"] }]);
  expect(verdicts.others).toEqual([]);
});

const rows: readonly {
  change: string;
  db: WrittenSandbox;
  word: string;
  reasons: readonly string[];
  losses?: readonly string[];
  path: readonly (string | number)[];
}[] = [
  { change: "labels", db: { labels: { tier: "data" } }, word: "reboot", reasons: ["label tier added"], path: ["labels", "tier"] },
  { change: "autostart", db: { autostart: true }, word: "reboot", reasons: ["autostart false → true"], path: ["autostart"] },
  { change: "CPUs", db: { cpus: 2 }, word: "reboot", reasons: ["CPUs 1 → 2"], path: ["cpus"] },
  { change: "memory", db: { memory: "2GiB" }, word: "reboot", reasons: ["memory 512MiB → 2GiB"], path: ["memory"] },
  {
    change: "an override",
    db: { overrides: { "devices.videos": [] } },
    word: "reboot",
    reasons: ["override devices.videos added"],
    path: ["overrides", "devices.videos"],
  },
  {
    change: "packages",
    db: { cloudInit: { packages: ["redis"] } },
    word: "reseed",
    reasons: ["cloud-init changed: packages"],
    path: ["cloudInit", "packages"],
  },
  { change: "the user", db: { user: "ops" }, word: "reseed", reasons: ["cloud-init changed: user"], path: ["user"] },
  {
    change: "network settings of the seed",
    db: { cloudInit: { packages: ["postgresql"], networkConfig: { version: 2 } } },
    word: "reboot",
    reasons: ["networkConfig changed"],
    path: ["cloudInit", "networkConfig"],
  },
  {
    change: "the root disk's size",
    db: { disk: "20GiB" },
    word: "rebuild",
    reasons: ["root disk 10GiB → 20GiB"],
    losses: ["root"],
    path: ["disk"],
  },
  {
    change: "an extra disk's size",
    db: { disks: [{ name: "data", size: "40GiB" }] },
    word: "rebuild",
    reasons: ["disk data 20GiB → 40GiB"],
    losses: ["data"],
    path: ["disks", 0],
  },
  { change: "an extra disk removed", db: { disks: [] }, word: "reboot", reasons: ["disk data removed"], losses: ["data"], path: ["disks"] },
  {
    change: "an extra disk added",
    db: {
      disks: [
        { name: "data", size: "20GiB" },
        { name: "log", size: "1GiB" },
      ],
    },
    word: "reboot",
    reasons: ["disk log added"],
    path: ["disks", 1],
  },
];

test.each(rows)("$change of a sandbox: $word", ({ db, word, reasons: expected, losses = [], path }) => {
  const verdicts = verdictsBetween(base, withDb(db));
  expect(words(verdicts)).toEqual({ db: word });
  expect(reasons(verdicts, "db")).toEqual(expected);
  const verdict = verdicts.sandboxes.find(({ name }) => name === "db");
  expect(verdict?.losses.map(({ disk }) => disk)).toEqual(losses);
  expect(verdict?.reasons[0]?.path).toEqual(["sandboxes", "db", ...path]);
  expect(affectedByStop(verdicts)).toEqual(["db"]);
});

test("what does not reach the host is no change of a sandbox", () => {
  const verdicts = verdictsBetween(base, withDb({ probes: [{ tcp: 5432 }], protect: true, timeouts: { shutdown: "5s" } }));
  expect(words(verdicts)).toEqual({});
});

test("an image with another digest rebuilds every sandbox on it, and says which", () => {
  const images = { "debian-12": { url: "https://images.test/debian-12.qcow2", sha256: "b".repeat(64) } };
  const verdicts = verdictsBetween(base, { ...base, images });
  expect(words(verdicts)).toEqual({ "web-1": "rebuild", "web-2": "rebuild", db: "rebuild" });
  expect(verdicts.sandboxes[0]).toMatchObject({
    reasons: [{ text: "image debian-12 changed", path: ["images", "debian-12"] }],
    losses: [{ disk: "root", size: 10 * gibibyte, host: "local" }],
  });
});

test("another image is named with the one before", () => {
  const images = { ...base.images, "debian-13": { url: "https://images.test/debian-13.qcow2", sha256: "c".repeat(64) } };
  const verdicts = verdictsBetween({ ...base, images }, { ...withDb({ image: "debian-13" }), images });
  expect(words(verdicts)).toEqual({ db: "rebuild" });
  expect(reasons(verdicts, "db")).toEqual(["image debian-12 → debian-13"]);
});

test("an image that is only called otherwise changes nothing", () => {
  const renamed: WrittenLab = {
    ...base,
    images: { bookworm: base.images["debian-12"] },
    defaults: { ...base.defaults, image: "bookworm" },
  };
  expect(words(verdictsBetween(base, renamed))).toEqual({});
});

test("a lowered count destroys the last copies, with all their disks", () => {
  const fewer: WrittenLab = { ...base, sandboxes: { ...base.sandboxes, web: { ...base.sandboxes.web, count: 1 } } };
  const verdicts = verdictsBetween(base, fewer);
  expect(words(verdicts)).toEqual({ "web-2": "destroy" });
  expect(verdicts.sandboxes.at(-1)).toMatchObject({
    reasons: [{ text: "web has fewer copies now", path: ["sandboxes", "web", "count"] }],
    losses: [{ disk: "root", size: 10 * gibibyte }],
    stops: true,
    path: ["sandboxes", "web"],
  });
});

test("a sandbox removed from the lab is destroyed with root and extra disks", () => {
  const verdicts = verdictsBetween(base, { ...base, sandboxes: { web: base.sandboxes.web } });
  expect(words(verdicts)).toEqual({ db: "destroy" });
  expect(reasons(verdicts, "db")).toEqual(["removed from the lab"]);
  expect(verdicts.sandboxes[0]?.losses.map(({ disk }) => disk)).toEqual(["root", "data"]);
});

test("a destroy of everything has losses and no reasons", () => {
  const before = sideOf(base);
  const verdicts = verdictsOf({ plan: planOf({ before }), lab: before.lab, applied: before.lab });
  expect(words(verdicts)).toEqual({ "web-1": "destroy", "web-2": "destroy", db: "destroy" });
  expect(reasons(verdicts, "db")).toEqual([]);
  expect(verdicts.networks.map(({ word }) => word)).toEqual(["destroy"]);
  // Their disks go with them: nothing is gained by shutting them down first.
  expect(affectedByStop(verdicts)).toEqual([]);
});

test("another host is a rebuild that loses everything on the first", () => {
  const hosts = { alpha: { uri: "qemu:///system" }, beta: { uri: "embedded" } };
  const on = (host: string): WrittenLab => ({ ...withDb({ host }), hosts, defaults: { ...base.defaults, host: "alpha" } });
  const verdicts = verdictsBetween(on("alpha"), on("beta"));
  expect(words(verdicts)).toEqual({ db: "rebuild" });
  const db = verdicts.sandboxes.find(({ name }) => name === "db");
  expect(db).toMatchObject({ host: "beta", stops: true });
  expect(db?.reasons[0]).toEqual({ text: "host alpha → beta", path: ["sandboxes", "db", "host"] });
  expect(db?.losses.map(({ disk, host }) => [disk, host])).toEqual([
    ["root", "alpha"],
    ["data", "alpha"],
  ]);
});

test("a network that grows is replaced, and its sandboxes reboot for that reason", () => {
  const verdicts = verdictsBetween(base, { ...base, networks: { front: { ...base.networks.front, reserve: 64 } } });
  expect(words(verdicts)).toEqual({ "web-1": "reboot", "web-2": "reboot", db: "reboot" });
  expect(reasons(verdicts, "db")).toEqual(["network front is replaced"]);
  expect(verdicts.networks).toMatchObject([
    {
      name: "front",
      word: "replaced",
      reasons: [{ text: "reserve 32 → 64", path: ["networks", "front", "reserve"] }],
      reboots: ["db", "web-1", "web-2"],
    },
  ]);
});

test("a network's mode is told from before to after", () => {
  const verdicts = verdictsBetween(base, { ...base, networks: { front: { ...base.networks.front, mode: "isolated" } } });
  expect(verdicts.networks[0]?.reasons.map(({ text }) => text)).toEqual(["mode nat → isolated"]);
});

test("a NIC added is named, and re-runs nothing", () => {
  const verdicts = verdictsBetween(
    { ...base, networks: { ...base.networks, back: { mode: "isolated" } } },
    {
      ...withDb({ networks: ["front", "back"] }),
      networks: { ...base.networks, back: { mode: "isolated" } },
    },
  );
  expect(words(verdicts)).toEqual({ db: "reboot" });
  expect(reasons(verdicts, "db")).toEqual(["network back added"]);
});

test("another address is told from before to after", () => {
  const [before, after] = ["10.20.0.5", "10.20.0.6"].map((ip) => withDb({ networks: [{ name: "front", ip }] })) as [WrittenLab, WrittenLab];
  const verdicts = verdictsBetween(before, after);
  expect(words(verdicts)).toEqual({ db: "reboot" });
  expect(reasons(verdicts, "db")).toEqual(["address in network front 10.20.0.5 → 10.20.0.6"]);
});

test("an own network goes with its sandbox", () => {
  const lone: WrittenLab = { ...base, sandboxes: { lone: {} } };
  const verdicts = verdictsOf({ plan: planOf({ after: sideOf(lone) }), lab: sideOf(lone).lab });
  expect(verdicts.networks).toMatchObject([{ name: "lone", ownedBy: "lone", word: "create", path: ["sandboxes", "lone"] }]);
});

test("resources that are not of the lab are listed apart", () => {
  const after = sideOf(base);
  const { resource_changes = [], ...plan } = planOf({ before: after, after });
  const stranger = {
    address: "aws_instance.x",
    mode: "managed",
    type: "aws_instance",
    name: "x",
    provider_name: "aws",
    change: { actions: ["create"], before: null },
  } as const;
  const verdicts = verdictsOf({ plan: { ...plan, resource_changes: [...resource_changes, stranger] }, lab: after.lab, applied: after.lab });
  expect(verdicts.others).toEqual([{ address: "aws_instance.x", word: "create" }]);
  expect(verdicts.hasChanges).toBe(true);
});

test("`onChange: rebuild` makes the root disk anew, once the option was applied, and keeps the other disks", () => {
  const before = withDb({ cloudInit: { packages: ["postgresql"], onChange: "rebuild" } });
  expect(words(verdictsBetween(base, before))).toEqual({});
  const verdicts = verdictsBetween(before, withDb({ cloudInit: { packages: ["redis"], onChange: "rebuild" } }));
  expect(verdicts.sandboxes.find(({ name }) => name === "db")).toMatchObject({
    word: "rebuild",
    losses: [{ disk: "root" }],
    reasons: [{ text: "cloud-init changed: packages" }],
  });
  expect(words(verdictsBetween(before, withDb({ cloudInit: { packages: ["postgresql"], hostname: "sql", onChange: "rebuild" } })))).toEqual(
    {
      db: "reboot",
    },
  );
});

test("`onChange: ignore` says what it leaves alone, until the sandbox gets a new seed all the same", () => {
  const ignore = (packages: readonly string[], more: WrittenSandbox["cloudInit"] = {}): WrittenLab =>
    withDb({ cloudInit: { packages: [...packages], onChange: "ignore", ...more } });
  const verdicts = verdictsBetween(base, ignore(["redis"]));
  expect(words(verdicts)).toEqual({});
  expect(reasons(verdicts, "db")).toEqual(["cloud-init changed: packages (ignored until it gets a new seed)"]);
  expect(words(verdictsBetween(ignore(["redis"]), ignore(["redis", "nginx"])))).toEqual({});
  expect(words(verdictsBetween(ignore(["redis"]), ignore(["redis"], { hostname: "sql" })))).toEqual({ db: "reboot" });
  expect(words(verdictsBetween(ignore(["redis"]), ignore(["nginx"], { hostname: "sql" })))).toEqual({ db: "reseed" });
  const image = { images: { "debian-12": { ...base.images["debian-12"], sha256: "b".repeat(64) } } };
  expect(words(verdictsBetween(ignore(["redis"]), { ...ignore(["nginx"]), ...image }))).toMatchObject({ db: "rebuild" });
});
