import type { WrittenLab, WrittenSandbox } from "../../lib/lab/written-lab.ts";
import type { Verdicts } from "../../lib/review/verdicts.ts";
import { verdictsOf } from "../../lib/review/verdicts-of.ts";
import { planOf, sideOf, type PlanFrom } from "./plan-builder.ts";

/** Two web servers and a database with a disk of its own, in one network. */
export const base = {
  lab: "shop",
  images: { "debian-12": { url: "https://images.test/debian-12.qcow2", sha256: "a".repeat(64) } },
  networks: { front: { cidr: "10.20.0.0/24" } },
  defaults: { image: "debian-12", memory: "512MiB" },
  sandboxes: {
    web: { count: 2, networks: ["front"] },
    db: { networks: ["front"], disks: [{ name: "data", size: "20GiB" }], cloudInit: { packages: ["postgresql"] } },
  },
} satisfies WrittenLab;

/** The lab with other settings for its database. */
export function withDb(db: WrittenSandbox): WrittenLab {
  return { ...base, sandboxes: { ...base.sandboxes, db: { ...base.sandboxes.db, ...db } } };
}

/** What the change from `before` (the base lab) to `after` would do, with the lock of before. */
export function verdictsBetween(before: WrittenLab, after: WrittenLab, more: Omit<PlanFrom, "before" | "after"> = {}): Verdicts {
  const [old, wanted] = [sideOf(before), sideOf(after, { previous: before })];
  return verdictsOf({ plan: planOf({ before: old, after: wanted, ...more }), lab: wanted.lab, applied: old.lab });
}

/** Name → word, for those to which something happens. */
export function words({ sandboxes }: Verdicts): Record<string, string> {
  return Object.fromEntries(sandboxes.filter(({ word }) => word !== "none").map(({ name, word }) => [name, word]));
}

/** The reasons for one sandbox, as text. */
export function reasons({ sandboxes }: Verdicts, name: string): string[] {
  return (sandboxes.find((sandbox) => sandbox.name === name)?.reasons ?? []).map(({ text }) => text);
}
