import { expect, test } from "vitest";
import type { WrittenLab, WrittenSandbox } from "../../lib/lab/written-lab.ts";
import { reviewBetween } from "./example-review.ts";
import { base } from "./labs.ts";

type Provider = "libvirt" | "terrarium";

const of = (provider: Provider): WrittenLab => ({ ...base, provider });
const db =
  (more: WrittenSandbox) =>
  (lab: WrittenLab): WrittenLab => ({ ...lab, sandboxes: { ...lab.sandboxes, db: { ...lab.sandboxes["db"], ...more } } });
const digest = (lab: WrittenLab): WrittenLab => ({
  ...lab,
  images: { "debian-12": { ...base.images["debian-12"], sha256: "b".repeat(64) } },
});

/** The rows of the table in docs/review.md: change, sandbox, what is said with each provider. */
const rows: readonly (readonly [string, (lab: WrittenLab) => WrittenLab, string, string, string])[] = [
  ["labels", db({ labels: { tier: "db" } }), "db", "reboot label tier added", "update label tier added"],
  ["memory", db({ memory: "2GiB" }), "db", "reboot memory 512MiB → 2GiB", "reboot memory 512MiB → 2GiB"],
  [
    "host name",
    db({ cloudInit: { packages: ["postgresql"], hostname: "other" } }),
    "db",
    "reboot hostname default → other",
    "reboot hostname default → other",
  ],
  [
    "cloud-init",
    db({ cloudInit: { packages: ["redis"] } }),
    "db",
    "reseed cloud-init changed: packages",
    "reseed cloud-init changed: packages",
  ],
  ["image", digest, "web-1", "rebuild image debian-12 changed LOSES root", "rebuild image debian-12 changed LOSES root"],
  ["disk", db({ disk: "20GiB" }), "db", "rebuild root disk 10GiB → 20GiB LOSES root", "grow root disk 10GiB → 20GiB"],
  ["extra disk", db({ disks: [] }), "db", "reboot disk data removed LOSES data", "update disk data removed LOSES data"],
  [
    "count",
    (lab) => ({ ...lab, sandboxes: { ...lab.sandboxes, web: { ...lab.sandboxes["web"], count: 1 } } }),
    "web-2",
    "destroy web has fewer copies now LOSES root",
    "destroy web has fewer copies now LOSES root",
  ],
  [
    "removed",
    (lab) => ({ ...lab, sandboxes: { web: lab.sandboxes["web"] ?? {} } }),
    "db",
    "destroy removed from the lab LOSES root data",
    "destroy removed from the lab LOSES root data",
  ],
  [
    "provider",
    (lab) => ({ ...lab, provider: lab.provider === "libvirt" ? "terrarium" : "libvirt" }),
    "db",
    "rebuild provider libvirt → terrarium LOSES root data",
    "rebuild provider terrarium → libvirt LOSES root data",
  ],
];

test.each(rows)("%s", (_, change, name, libvirt, terrarium) => {
  for (const [provider, expected] of [
    ["libvirt", libvirt],
    ["terrarium", terrarium],
  ] as const) {
    const found = reviewBetween(of(provider), change(of(provider))).labs[0]?.sandboxes.find((sandbox) => sandbox.name === name);
    const lost = found && found.losses.length > 0 ? ` LOSES ${found.losses.map(({ disk }) => disk).join(" ")}` : "";
    expect(`${found?.word} ${found?.reasons.map(({ text }) => text).join("; ")}${lost}`).toBe(expected);
  }
});

test.each(["libvirt", "terrarium"] as const)(
  "what is refused is an error of the review: a disk that shrinks, a protected sandbox (%s)",
  (provider) => {
    const codes = (before: WrittenLab, after: WrittenLab) => reviewBetween(before, after).labs[0]?.problems.map(({ code }) => code);
    expect(codes(of(provider), db({ disk: "5GiB" })(of(provider)))).toContain("DISK_SHRINKS");
    const guarded = db({ protect: true })(of(provider));
    expect(codes(guarded, digest(guarded))).toEqual(["PROTECTED"]);
    expect(codes(guarded, digest(of(provider)))).toEqual(["PROTECTED"]);
  },
);

test.each(["libvirt", "terrarium"] as const)("a network that is replaced says whom it reboots (%s)", (provider) => {
  const after = { ...of(provider), networks: { front: { cidr: "10.21.0.0/24" } } };
  const front = reviewBetween(of(provider), after).labs[0]?.networks.find(({ name }) => name === "front");
  expect(front).toMatchObject({ word: "replaced", reboots: ["db", "web-1", "web-2"], follows: ["reboots db, web-1, web-2"] });
});
