import * as fc from "fast-check";
import type { WrittenLab, WrittenSandbox } from "../../lib/lab/written-lab.ts";

const sizes = fc.constantFrom("10GiB", "20GiB");

const commonSandbox = {
  count: fc.constantFrom(1, 2),
  image: fc.constantFrom("one", "two"),
  cpus: fc.constantFrom(1, 2),
  memory: fc.constantFrom("512MiB", "1GiB"),
  disk: sizes,
  disks: fc.uniqueArray(fc.record({ name: fc.constantFrom("data", "log"), size: sizes }), { selector: ({ name }) => name, maxLength: 2 }),
  networks: fc.uniqueArray(fc.constantFrom("front", "back"), { minLength: 1, maxLength: 2 }),
  labels: fc.dictionary(fc.constantFrom("a", "b"), fc.constantFrom("x", "y"), { maxKeys: 1 }),
  autostart: fc.boolean(),
  protect: fc.boolean(),
};

const seeds = fc.oneof(
  fc.constant<WrittenSandbox>({ seed: "none" }),
  fc
    .record(
      {
        packages: fc.subarray(["postgresql", "redis"]),
        hostname: fc.constantFrom("one", "two"),
        onChange: fc.constantFrom("rerun" as const, "rebuild" as const, "ignore" as const),
      },
      { requiredKeys: [] },
    )
    .map((cloudInit): WrittenSandbox => ({ cloudInit })),
);

/** Limits and hosts are what only one of the providers has in these tests. */
function sandboxes(provider: "libvirt" | "terrarium"): fc.Arbitrary<WrittenSandbox> {
  const own: fc.Arbitrary<WrittenSandbox> =
    provider === "terrarium"
      ? fc.record({ maxCpus: fc.constantFrom(4, 8) }, { requiredKeys: [] })
      : fc.record({ host: fc.constantFrom("alpha", "beta") });
  return fc
    .tuple(fc.record(commonSandbox, { requiredKeys: ["image"] }), own, seeds)
    .map(([sandbox, more, seed]): WrittenSandbox => ({ ...sandbox, ...more, ...seed }));
}

/** Labs of one name that differ in everything the change table speaks of. */
export function writtenLabs(provider: "libvirt" | "terrarium"): fc.Arbitrary<WrittenLab> {
  return fc
    .record({
      sandboxes: fc.dictionary(fc.constantFrom("web", "db", "queue"), sandboxes(provider), { minKeys: 1, maxKeys: 3 }),
      cidr: fc.constantFrom("10.20.0.0/24", "10.21.0.0/24"),
      mode: fc.constantFrom("nat" as const, "isolated" as const),
      more: fc.record(
        {
          mtu: fc.constantFrom(1400, 9000),
          dns: fc.record({ records: fc.constantFrom<Record<string, string>>({ "db.front": "10.99.0.1" }, { other: "10.99.0.2" }) }),
        },
        { requiredKeys: [] },
      ),
      digest: fc.constantFrom("a", "b"),
    })
    .map(({ sandboxes: all, cidr, mode, digest, more }) => ({
      lab: "shop",
      provider,
      ...(provider === "libvirt" && { hosts: { alpha: { uri: "qemu:///system" }, beta: { uri: "embedded" } } }),
      images: {
        one: { url: "https://images.test/1.qcow2", sha256: digest.repeat(64) },
        two: { url: "https://images.test/2.qcow2", sha256: "c".repeat(64) },
      },
      networks: { front: { cidr }, back: { mode, ...more } },
      sandboxes: all,
    }));
}
