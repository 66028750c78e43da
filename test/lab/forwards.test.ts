import { expect, test } from "vitest";
import fc from "fast-check";
import type { WrittenSandbox } from "../../lib/lab/written-lab.ts";
import type { LabLock } from "../../lib/lab/lock/lab-lock.ts";
import { parseLockFile } from "../../lib/lab/lock/parse-lock-file.ts";
import { printLockFile } from "../../lib/lab/lock/print-lock-file.ts";
import { labOf, normalized, said } from "./lab-fixtures.ts";

const ours = { provider: "terrarium" } as const;
const forwardsOf = (sandboxes: Record<string, WrittenSandbox>, lock?: LabLock) => {
  const { lab, lock: next } = normalized(labOf(sandboxes, ours), { ...(lock && { lock }) });
  return { forwards: Object.fromEntries(Object.values(lab.sandboxes).map(({ name, forwards = [] }) => [name, forwards])), lock: next };
};

test("a forward is on the loopback address, by TCP and to a port of its own, unless asked otherwise", () => {
  const { forwards, lock } = forwardsOf({
    web: { forward: [{ guest: 80 }, { host: 5353, guest: 53, protocol: "udp", address: "0.0.0.0" }, { guest: 80 }] },
  });
  expect(forwards["web"]).toMatchObject([
    { name: "tcp-80", protocol: "tcp", address: "127.0.0.1", guestPort: 80 },
    { name: "udp-53", protocol: "udp", address: "0.0.0.0", hostPort: 5353, guestPort: 53 },
    { name: "tcp-80-2", guestPort: 80 },
  ]);
  const ports = forwards["web"]?.map(({ hostPort }) => hostPort) ?? [];
  expect(new Set(ports).size).toBe(3);
  expect(ports[0]).toBeGreaterThanOrEqual(20_000);
  expect(ports[0]).toBeLessThan(30_000);
  expect(lock.sandboxes["web"]?.forwards).toEqual({ "tcp-80": ports[0], "tcp-80-2": ports[2], "udp-53": 5353 });
});

test("a sandbox without forwards has none of it in lab and lock: labs of before stay as they are", () => {
  const { lab, lock } = normalized(labOf({ web: {} }));
  expect(lab.sandboxes["web"]).not.toHaveProperty("forwards");
  expect(lock.sandboxes["web"]).not.toHaveProperty("forwards");
});

test("each copy of a counted sandbox gets a port of its own, and nobody of the lock is moved by a newcomer", () => {
  const property = fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }), (count, more) => {
    const before = forwardsOf({ web: { count, forward: [{ guest: 80 }] } });
    const after = forwardsOf(
      { a: { forward: [{ guest: 1 }] }, web: { count: count + more, forward: [{ guest: 81 }, { guest: 80 }] } },
      before.lock,
    );
    const all = Object.values(after.forwards).flatMap((list) => list.map(({ hostPort }) => hostPort));
    expect(new Set(all).size).toBe(all.length);
    for (const [name, [first]] of Object.entries(before.forwards))
      expect(after.forwards[name]?.find((forward) => forward.name === "tcp-80")?.hostPort).toBe(first?.hostPort);
    expect(forwardsOf({ web: { count, forward: [{ guest: 80 }] } }, before.lock)).toEqual(before);
  });
  fc.assert(property, { numRuns: 20 });
});

test("the lock file keeps the ports", () => {
  const { lock } = forwardsOf({ web: { forward: [{ guest: 80 }] } });
  const text = printLockFile({ version: 1, labs: { test: lock } });
  expect(parseLockFile(text, "terrarium.lock.yaml")).toEqual({ value: { version: 1, labs: { test: lock } }, diagnostics: [] });
});

test("a written port wins over the lock's; who had it gets another", () => {
  const { lock, forwards } = forwardsOf({ web: { forward: [{ guest: 80 }] } });
  const port = forwards["web"]?.[0]?.hostPort ?? 0;
  const after = forwardsOf({ db: { forward: [{ host: port, guest: 1 }] }, web: { forward: [{ guest: 80 }] } }, lock);
  expect(after.forwards["db"]?.[0]?.hostPort).toBe(port);
  expect(after.forwards["web"]?.[0]?.hostPort).not.toBe(port);
});

test("one port for two is refused at its place; TCP and UDP, and two addresses, may share a number", () => {
  const at = (...forward: NonNullable<WrittenSandbox["forward"]>) => said(labOf({ web: { forward } }, ours));
  expect(at({ host: 80, guest: 1 }, { host: 80, guest: 2 })).toEqual(["PORT_TAKEN sandboxes.web.forward.1.host"]);
  expect(at({ host: 80, guest: 1 }, { host: 80, guest: 2, address: "0.0.0.0" })).toEqual(["PORT_TAKEN sandboxes.web.forward.1.host"]);
  expect(at({ host: 80, guest: 1, address: "0.0.0.0" }, { host: 80, guest: 2 })).toEqual(["PORT_TAKEN sandboxes.web.forward.1.host"]);
  expect(at({ host: 53, guest: 1 }, { host: 53, guest: 1, protocol: "udp" })).toEqual([]);
  expect(at({ host: 53, guest: 1, address: "127.0.0.2" }, { host: 53, guest: 1, address: "127.0.0.3" })).toEqual([]);
  expect(said(labOf({ web: { count: 2, forward: [{ host: 80, guest: 80 }] } }, ours))).toEqual(["PORT_TAKEN sandboxes.web.forward.0.host"]);
});

test("what cannot be forwarded is an error at its place that names the alternative", () => {
  const forward = [{ guest: 80 }];
  const place = "sandboxes.web.forward.0";
  expect(said(labOf({ web: { forward } }, { provider: "libvirt" }))).toEqual([`HYPERVISOR_UNSUPPORTED ${place}`]);
  expect(said(labOf({ web: { forward } }, { ...ours, hosts: { far: { uri: "qemu+ssh://me@far/system" } } }))).toEqual([
    `HYPERVISOR_UNSUPPORTED ${place}`,
  ]);
  for (const uri of ["embedded", "embedded:other", "qemu:///system", "qemu:///system?socket=/run/s"])
    expect(said(labOf({ web: { forward } }, { ...ours, hosts: { here: { uri } } }))).toEqual([]);
  const lan = { lan: { mode: "bridged", bridge: "br0" } } as const;
  expect(said(labOf({ web: { networks: ["lan"], forward } }, { ...ours, networks: lan }))).toEqual([`FORWARD_NEEDS_ADDRESS ${place}`]);
  expect(said(labOf({ web: { forward: [{ guest: 80, address: "300.0.0.1" }] } }, ours))).toEqual([`BAD_FORMAT ${place}`]);
  expect(said(labOf({ web: { forward } }, { hypervisor: "virtualbox" }))).toEqual([]);
});
