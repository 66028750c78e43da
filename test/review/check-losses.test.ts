import { expect, test } from "vitest";
import type { WrittenLab } from "../../lib/lab/written-lab.ts";
import { checkDiskSizes, checkEngine } from "../../lib/review/check-applied.ts";
import { checkLosses } from "../../lib/review/check-losses.ts";
import { verdictsOf, type VerdictsInput } from "../../lib/review/verdicts-of.ts";
import { base, withDb } from "./labs.ts";
import { planOf, sideOf } from "./plan-builder.ts";

function changeOf(before: WrittenLab, after: WrittenLab): VerdictsInput {
  const [old, wanted] = [sideOf(before), sideOf(after, { previous: before })];
  return { plan: planOf({ before: old, after: wanted }), lab: wanted.lab, applied: old.lab };
}

const withoutDb: WrittenLab = { ...base, sandboxes: { web: base.sandboxes.web } };
const newImage: WrittenLab = { ...base, images: { "debian-12": { url: "https://images.test/debian-12.qcow2", sha256: "b".repeat(64) } } };

test("a change without a loss is allowed", () => {
  const change = changeOf(base, withDb({ memory: "2GiB" }));
  expect(checkLosses(verdictsOf(change), { ...change, allowLoss: [] })).toEqual([]);
});

test("each loss that nobody agreed to is named, with the flags to add", () => {
  const change = changeOf(base, newImage);
  expect(checkLosses(verdictsOf(change), { ...change, allowLoss: ["web-1"] })).toEqual([
    {
      code: "LOSS_NOT_ALLOWED",
      severity: "error",
      summary: "this would lose data of 2 sandboxes, which --yes does not cover",
      detail:
        "db  rebuild: loses root disk (10GiB); image debian-12 changed\nweb-2  rebuild: loses root disk (10GiB); image debian-12 changed",
      nextStep: "If that is what you want, add --allow-loss db --allow-loss web-2",
    },
  ]);
});

test("a loss that was agreed to is allowed, but by the sandbox's own name only", () => {
  const change = changeOf(base, newImage);
  const codes = (...allowLoss: string[]): string[] => checkLosses(verdictsOf(change), { ...change, allowLoss }).map(({ code }) => code);
  expect(codes("db", "web-1", "web-2")).toEqual([]);
  expect(codes("db", "web")).toEqual(["LOSS_NOT_ALLOWED"]);
});

test("a sandbox removed from the lab is a loss of all its disks", () => {
  const change = changeOf(base, withoutDb);
  expect(checkLosses(verdictsOf(change), { ...change, allowLoss: [] })).toMatchObject([
    {
      code: "LOSS_NOT_ALLOWED",
      path: ["sandboxes", "db"],
      detail: "db  destroy: loses root disk (10GiB), disk data (20GiB); removed from the lab",
    },
  ]);
});

test("a protected sandbox loses nothing, whatever is allowed and whoever deletes its block", () => {
  const protectedDb = withDb({ protect: true });
  for (const after of [withDb({ protect: true, disk: "20GiB" }), withDb({ disk: "20GiB" }), withoutDb]) {
    const change = changeOf(protectedDb, after);
    expect(checkLosses(verdictsOf(change), { ...change, allowLoss: ["db"] })).toMatchObject([
      { code: "PROTECTED", path: ["sandboxes", "db", "protect"] },
    ]);
  }
});

test("protection counts from the change that adds it", () => {
  const change = changeOf(base, withDb({ protect: true, disk: "20GiB" }));
  expect(checkLosses(verdictsOf(change), { ...change, allowLoss: ["db"] })).toMatchObject([
    { code: "PROTECTED", summary: 'sandbox "db" is protected, and this would lose its root disk (10GiB)' },
  ]);
});

test("the destroy command needs no flag, but stops at a protected sandbox", () => {
  const [open, closed] = [base, withDb({ protect: true })].map((written) => {
    const before = sideOf(written);
    const input = { plan: planOf({ before }), lab: before.lab, applied: before.lab };
    return checkLosses(verdictsOf(input), { ...input, allowLoss: [], destroying: true });
  });
  expect(open).toEqual([]);
  expect(closed).toMatchObject([
    {
      code: "PROTECTED",
      summary: 'sandbox "db" is protected, and this would destroy it and lose its root disk (10GiB), disk data (20GiB)',
    },
  ]);
});

test("disks do not shrink, neither root nor extra ones", () => {
  const { applied, lab } = changeOf(base, withDb({ disk: "5GiB", disks: [{ name: "data", size: "1GiB" }] }));
  expect(checkDiskSizes({ applied, lab })).toMatchObject([
    { code: "DISK_SHRINKS", path: ["sandboxes", "db", "disk"], summary: 'the root disk of sandbox "db" is 10GiB and cannot become 5GiB' },
    {
      code: "DISK_SHRINKS",
      path: ["sandboxes", "db", "disks", 0, "size"],
      summary: 'disk "data" of sandbox "db" is 20GiB and cannot become 1GiB',
    },
  ]);
});

test("disks that grow, come or go do not shrink", () => {
  const { applied, lab } = changeOf(base, withDb({ disk: "20GiB", disks: [{ name: "log", size: "1GiB" }] }));
  expect(checkDiskSizes({ applied, lab })).toEqual([]);
  expect(checkDiskSizes({ lab })).toEqual([]);
});

test("another provider is told as a rebuild of everything", () => {
  const { lab } = sideOf(base);
  // No second provider can be written yet; applied labs of later versions can be met, though.
  const applied = { ...lab, provider: "terrarium" as "libvirt" };
  expect(checkEngine({ applied, lab })).toMatchObject([
    {
      code: "LAB_PROVIDER_CHANGED",
      severity: "warning",
      summary: expect.stringContaining("every sandbox is rebuilt (db, web-1, web-2)"),
      nextStep: "Set `provider: terrarium` to keep them.",
    },
  ]);
  expect(checkEngine({ applied: lab, lab })).toEqual([]);
});
