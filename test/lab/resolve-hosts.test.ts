import { expect, test } from "vitest";
import { lockAfterApply } from "../../lib/lab/lock/next-lock.ts";
import { labOf, normalized, said } from "./lab-fixtures.ts";

const alpha = { uri: "qemu+ssh://alpha/system" };
const beta = { uri: "embedded" };

test("the only declared host is the default", () => {
  const { lab } = normalized(labOf({ web: {} }, { hosts: { alpha } }));
  expect(lab.sandboxes["web"]?.host).toBe("alpha");
  expect(lab.hosts).toEqual({ alpha: { name: "alpha", uri: alpha.uri, inUse: true } });
});

test("of several hosts one has to be named", () => {
  expect(said(labOf({ web: {}, db: { host: "beta" } }, { hosts: { alpha, beta } }))).toEqual(["HOST_NOT_CHOSEN sandboxes.web"]);
  expect(said(labOf({ web: {} }, { hosts: { alpha, beta }, defaults: { image: "base", host: "beta" } }))).toEqual([]);
});

test("without declared hosts there is local and no other", () => {
  expect(said(labOf({ web: { host: "local" } }))).toEqual([]);
  expect(said(labOf({ web: { host: "alpha" } }))).toEqual(["UNKNOWN_HOST sandboxes.web.host"]);
});

test("a host that only the lock lists stays, not in use, until it was applied", () => {
  const { lock } = normalized(labOf({ web: { host: "alpha" }, db: { host: "beta" } }, { hosts: { alpha, beta } }));
  const after = normalized(labOf({ web: { host: "alpha" } }, { hosts: { alpha } }), { lock });
  expect(after.lab.hosts["beta"]).toEqual({ name: "beta", uri: "embedded", inUse: false });
  expect(Object.keys(after.lock.hosts)).toEqual(["alpha", "beta"]);
  expect(Object.keys(lockAfterApply(after.lock, after.lab).hosts)).toEqual(["alpha"]);
});
