import { expect, test } from "vitest";
import { labOf, said } from "../lab-fixtures.ts";

const on = (
  hosts: Record<string, { uri: string }>,
  sandboxes = Object.fromEntries(Object.keys(hosts).map((host) => [`on-${host}`, { host }])),
) => said(labOf(sandboxes, { hypervisor: "virtualbox", hosts }));

test("a host that means this machine may stand in the file: the same one serves both hypervisors", () => {
  expect(on({ local: { uri: "embedded" } })).toEqual([]);
  expect(on({ local: { uri: "qemu:///system" } })).toEqual([]);
  expect(said(labOf({ web: {} }, { hypervisor: "virtualbox" }))).toEqual([]);
});

test("another machine is refused, and a second host", () => {
  expect(on({ far: { uri: "qemu+ssh://far/system" } })).toEqual(["HYPERVISOR_UNSUPPORTED hosts.far"]);
  expect(on({ a: { uri: "embedded" }, b: { uri: "embedded" } })).toEqual(["HYPERVISOR_UNSUPPORTED hosts.b"]);
});
