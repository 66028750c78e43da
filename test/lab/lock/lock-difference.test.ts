import { expect, test } from "vitest";
import { checkLockUnchanged, lockDifference } from "../../../lib/lab/lock/lock-difference.ts";
import { labOf, normalized } from "../lab-fixtures.ts";

const networks = { front: { cidr: "10.20.0.0/24" } };
const at = (ip: string) => ({ networks: [{ name: "front", ip }] });
const { lock } = normalized(labOf({ a: at("10.20.0.5"), b: at("10.20.0.6") }, { networks }));

test("equal locks do not differ", () => {
  expect(lockDifference(lock, { ...lock })).toEqual([]);
  expect(checkLockUnchanged(lock, lock, "f")).toEqual([]);
});

test("each difference is a line", () => {
  const after = normalized(labOf({ a: at("10.20.0.7"), c: at("10.20.0.8") }, { networks: { front: { ...networks.front, reserve: 64 } } }), {
    lock,
  }).lock;
  expect(lockDifference(lock, after)).toEqual([
    "network front: reserve 32 → 64",
    "sandbox a: addresses.front 10.20.0.5 → 10.20.0.7",
    "sandbox b removed; nobody else gets front 10.20.0.6 for a while",
    "sandbox c added: addresses.front 10.20.0.8",
  ]);
});

test("--locked refuses a change, and a lab that is not there yet", () => {
  const after = normalized(labOf({ a: at("10.20.0.5") }, { networks }), { lock }).lock;
  expect(checkLockUnchanged(lock, after, "f")).toMatchObject([
    { code: "LOCK_WOULD_CHANGE", detail: "sandbox b removed; nobody else gets front 10.20.0.6 for a while" },
  ]);
  expect(checkLockUnchanged(undefined, after, "f")[0]?.summary).toBe("the lab is not in f, and with --locked it may not be added");
});
