import { expect, test } from "vitest";
import { keptFormer, type LabLock } from "../../../lib/lab/lock/lab-lock.ts";
import { lockDifference } from "../../../lib/lab/lock/lock-difference.ts";
import { parseLockFile } from "../../../lib/lab/lock/parse-lock-file.ts";
import { printLockFile } from "../../../lib/lab/lock/print-lock-file.ts";
import { labOf, normalized } from "../lab-fixtures.ts";

/** A network with so few places that a hash soon points to one that was somebody's. */
const networks = { front: { cidr: "10.20.0.0/28", reserve: 8 } };
const lockOf = (names: readonly string[], lock?: LabLock): LabLock =>
  normalized(labOf(Object.fromEntries(names.map((name) => [name, { networks: ["front"] }])), { networks }), { lock }).lock;
const addressOf = (lock: LabLock, name: string): string | undefined => lock.sandboxes[name]?.addresses["front"]?.[0];

test("nobody gets the address of a removed sandbox while there are others, and who comes back has it again", () => {
  const first = lockOf(["a", "b", "c"]);
  const freed = addressOf(first, "b");
  const without = lockOf(["a", "c"], first);
  expect(without.former).toEqual({ b: { removed: 1, addresses: { front: [freed] } } });
  for (const newcomer of Array.from({ length: 40 }, (_, index) => `n${index}`))
    expect(addressOf(lockOf(["a", "c", newcomer], without), newcomer)).not.toBe(freed);
  const back = lockOf(["a", "b", "c"], without);
  expect(addressOf(back, "b")).toBe(freed);
  expect(back.former).toBeUndefined();
});

test("before a network would be full, the addresses of removed sandboxes are given again", () => {
  const full = Array.from({ length: 8 }, (_, index) => `s${index}`);
  const emptied = lockOf(["s0"], lockOf(full));
  const refilled = lockOf(["s0", ...Array.from({ length: 7 }, (_, index) => `t${index}`)], emptied);
  expect(new Set(Object.keys(refilled.sandboxes).map((name) => addressOf(refilled, name))).size).toBe(8);
  expect(refilled.networks["front"]?.reserve).toBe(8);
});

test("a lab is a fixed point under a lock with former sandboxes, which is printed, read, and told in a line", () => {
  const first = lockOf(["a", "b", "c"]);
  const lock = lockOf(["a", "c"], first);
  expect(lockOf(["a", "c"], lock)).toEqual(lock);
  const file = { version: 1, labs: { test: lock } } as const;
  expect(parseLockFile(printLockFile(file), "f")).toEqual({ value: file, diagnostics: [] });
  expect(lockDifference(first, lock)).toEqual([`sandbox b removed; nobody else gets front ${addressOf(first, "b")} for a while`]);
});

test("the first of too many is forgotten, and that is told", () => {
  const former = Object.fromEntries(
    Array.from({ length: keptFormer }, (_, index) => [`old${index}`, { removed: index + 1, addresses: { front: ["10.20.0.9"] } }]),
  );
  const before = { ...lockOf(["a", "b"]), former };
  const after = lockOf(["a"], before);
  expect(Object.keys(after.former ?? {})).toHaveLength(keptFormer);
  expect(after.former).not.toHaveProperty("old0");
  expect(after.former?.["b"]?.removed).toBe(keptFormer + 1);
  expect(lockDifference(before, after)).toContain("former sandbox old0: its addresses may be given to others again");
});

test("a sandbox that only had a network of its own leaves nothing: no other name leads to its block", () => {
  const first = normalized(labOf({ a: {}, b: {} })).lock;
  expect(normalized(labOf({ a: {} }), { lock: first }).lock.former).toBeUndefined();
});
