import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { WrittenLab } from "../../lib/lab/written-lab.ts";
import { affectedByStop } from "../../lib/review/affected-by-stop.ts";
import { effectOf } from "../../lib/review/plan-objects.ts";
import { verdictsOf } from "../../lib/review/verdicts-of.ts";
import { planOf, sideOf } from "./plan-builder.ts";

const sizes = fc.constantFrom("10GiB", "20GiB");

const sandbox = fc.record(
  {
    count: fc.constantFrom(1, 2, 3),
    image: fc.constantFrom("one", "two"),
    host: fc.constantFrom("alpha", "beta"),
    cpus: fc.constantFrom(1, 2),
    disk: sizes,
    disks: fc.uniqueArray(fc.record({ name: fc.constantFrom("data", "log"), size: sizes }), { selector: ({ name }) => name, maxLength: 2 }),
    networks: fc.uniqueArray(fc.constantFrom("front", "back"), { minLength: 1, maxLength: 2 }),
    labels: fc.dictionary(fc.constantFrom("a", "b"), fc.constantFrom("x", "y")),
    user: fc.constantFrom("admin", "ops"),
    autostart: fc.boolean(),
    protect: fc.boolean(),
    seed: fc.constantFrom("nocloud" as const, "none" as const),
  },
  { requiredKeys: ["image", "host"] },
);

const lab: fc.Arbitrary<WrittenLab> = fc
  .record({
    sandboxes: fc.dictionary(fc.constantFrom("web", "db", "queue"), sandbox, { minKeys: 1, maxKeys: 3 }),
    reserve: fc.constantFrom(32, 64),
    digest: fc.constantFrom("a", "b"),
  })
  .map(({ sandboxes, reserve, digest }) => ({
    lab: "shop",
    hosts: { alpha: { uri: "qemu:///system" }, beta: { uri: "embedded" } },
    images: {
      one: { url: "https://images.test/1.qcow2", sha256: digest.repeat(64) },
      two: { url: "https://images.test/2.qcow2", sha256: "c".repeat(64) },
    },
    networks: { front: { reserve }, back: { mode: "isolated" as const } },
    sandboxes: Object.fromEntries(
      // What a seed would have to say without one is an error of the lab.
      Object.entries(sandboxes).map(([name, { user, ...rest }]) => [
        name,
        rest.seed === "none" ? rest : { ...rest, ...(user !== undefined && { user }) },
      ]),
    ),
  }));

test("every change has a reason, every disk that goes is a loss, whatever changed", () => {
  fc.assert(
    fc.property(lab, lab, fc.boolean(), (before, after, knowsApplied) => {
      const [old, wanted] = [sideOf(before), sideOf(after, { previous: before })];
      const plan = planOf({ before: old, after: wanted });
      const { sandboxes, networks, others, hasChanges } = verdictsOf({ plan, lab: wanted.lab, ...(knowsApplied && { applied: old.lab }) });

      const unexplained = [...sandboxes, ...networks].filter(
        ({ word, reasons }) => word !== "create" && (word === "none") !== (reasons.length === 0),
      );
      expect(unexplained).toEqual([]);
      const gone = (plan.resource_changes ?? []).filter(
        (change) => change.type === "libvirt_volume" && change.name.startsWith("disk_") && ["delete", "replace"].includes(effectOf(change)),
      );
      expect(sandboxes.flatMap(({ losses }) => losses)).toHaveLength(gone.length);
      const stopped = sandboxes.filter(({ word }) => !["none", "create"].includes(word)).map(({ name }) => name);
      const destroyed = sandboxes.filter(({ word }) => word === "destroy").map(({ name }) => name);
      expect(affectedByStop({ sandboxes })).toEqual(stopped.filter((name) => !destroyed.includes(name)));
      expect(others).toEqual([]);
      expect(hasChanges || stopped.length === 0).toBe(true);
    }),
    { numRuns: 150 },
  );
});

test("a lab against itself has no changes", () => {
  fc.assert(
    fc.property(lab, (written) => {
      const side = sideOf(written);
      const verdicts = verdictsOf({ plan: planOf({ before: side, after: side }), lab: side.lab, applied: side.lab });
      expect([...verdicts.sandboxes, ...verdicts.networks].filter(({ word }) => word !== "none")).toEqual([]);
      expect(verdicts.hasChanges).toBe(false);
    }),
    { numRuns: 30 },
  );
});
