import { expect, test } from "vitest";
import { domainDifference, isSame, needsReboot } from "../../../lib/hypervisor/kvm/domain-difference.ts";
import { diskTarget, domainXml } from "../../../lib/hypervisor/kvm/domain-xml.ts";
import { editDomain } from "../../../lib/hypervisor/kvm/edit-domain.ts";
import { serialize } from "../../../lib/hypervisor/kvm/element.ts";
import { readDomain } from "../../../lib/hypervisor/kvm/read-domain.ts";
import { requireSupported } from "../../../lib/hypervisor/kvm/sandbox-needs.ts";
import { descend, parseXml } from "../../../lib/hypervisor/kvm/xml.ts";
import type { SandboxSpec } from "../../../lib/hypervisor/provisioning.ts";
import { networks, owner, sandboxSpec, uuid } from "./specs.ts";

const [boot = "", data = ""] = sandboxSpec.disks;
const [front, back] = sandboxSpec.nics;
if (!front || !back) throw new Error("The specification has two NICs");

/** Each change, what of the definition it touches, and whether a running guest has to reboot for it. */
const changes: readonly (readonly [string, Partial<SandboxSpec>, readonly string[], boolean])[] = [
  ["nothing", {}, [], false],
  ["NICs and disks in another order", { nics: [back, front] }, [], false],
  ["the accelerator", { accelerator: "emulation" }, [], false],
  ["labels", { owner: { ...owner, labels: {} } }, ["owner"], false],
  ["CPUs", { cpus: 4 }, ["cpus"], true],
  ["memory", { memoryBytes: 2 ** 30 }, ["memory"], true],
  ["another seed", { seed: "/seeds/other.iso" }, ["seed"], true],
  ["no seed", { seed: undefined }, ["seed"], true],
  ["a NIC less", { nics: [back] }, ["nicsToRemove"], false],
  ["a NIC more", { nics: [front, back, { mac: "02:aa:00:00:02:0a", network: "id-back" }] }, ["nicsToAdd"], false],
  ["a NIC in another network", { nics: [{ ...front, network: "id-back" }, back] }, ["nicsToMove"], false],
  ["a disk less", { disks: [boot] }, ["disksToRemove"], false],
  ["a disk more", { disks: [boot, data, "/pools/more.qcow2"] }, ["disksToAdd"], false],
  ["another boot disk", { disks: ["/pools/new.qcow2", data] }, ["disksToRemove", "disksToAdd", "bootDisk"], true],
  [
    "all at once",
    { cpus: 1, memoryBytes: 2 ** 28, seed: undefined, nics: [], disks: [boot, "/x.qcow2"] },
    ["cpus", "memory", "seed", "nicsToRemove", "disksToRemove", "disksToAdd"],
    true,
  ],
];

test.each(changes)("%s: the difference is found, and is none after the definition was edited", (_what, change, parts, reboot) => {
  const to = { ...sandboxSpec, ...change };
  const domain = parseXml(domainXml(sandboxSpec, uuid, networks));
  const difference = domainDifference(domain, to, networks);
  const found = Object.entries(difference).flatMap(([part, value]) =>
    value === false || (Array.isArray(value) && value.length === 0) ? [] : [part],
  );
  expect(found.sort()).toEqual([...parts].sort());
  expect(needsReboot(difference)).toBe(reboot);
  expect(isSame(difference)).toBe(parts.length === 0);

  editDomain(domain, to, difference);
  const edited = serialize(domain);
  expect(isSame(domainDifference(parseXml(edited), to, networks))).toBe(true);
  const record = readDomain(edited, new Map(), false);
  expect(record).toMatchObject({ id: uuid, name: to.name, cpus: to.cpus, memoryBytes: to.memoryBytes, owner: to.owner });
  expect(record.disks.find(({ kind }) => kind === "disk")).toEqual({ target: "vda", kind: "disk", file: to.disks[0] });
  expect(new Set(record.disks.map(({ target }) => target)).size).toBe(record.disks.length);
  expect(record.disks.find(({ kind }) => kind === "cdrom")?.file).toBe(to.seed);
});

const room: Partial<SandboxSpec> = { maxCpus: 4, maxMemoryBytes: 2 ** 30 };

test.each<[string, Partial<SandboxSpec>, Partial<SandboxSpec>, readonly string[], boolean]>([
  ["limits that come", {}, room, ["cpus", "memory"], true],
  ["limits that go", room, {}, ["cpus", "memory"], true],
  ["CPUs and memory within limits", room, { ...room, cpus: 3, memoryBytes: 2 ** 28 }, ["liveCpus", "liveMemory"], false],
  ["fewer CPUs", room, { ...room, cpus: 1 }, ["cpus"], true],
  ["all that limits allow", room, { ...room, cpus: 4, memoryBytes: 2 ** 30 }, ["liveCpus", "liveMemory"], false],
  ["other limits", room, { maxCpus: 8, maxMemoryBytes: 2 ** 31 }, ["cpus", "memory"], true],
  ["no change", room, room, [], false],
])("%s: the difference is found, edited away and read back", (_what, before, after, parts, reboot) => {
  const to = { ...sandboxSpec, ...after };
  const domain = parseXml(domainXml({ ...sandboxSpec, ...before }, uuid, networks));
  const difference = domainDifference(domain, to, networks);
  expect(Object.entries(difference).flatMap(([part, value]) => (value === true ? [part] : []))).toEqual(parts);
  expect(needsReboot(difference)).toBe(reboot);
  editDomain(domain, to, difference);
  const edited = serialize(domain);
  expect(isSame(domainDifference(parseXml(edited), to, networks))).toBe(true);
  const { cpus, maxCpus, memoryBytes, maxMemoryBytes } = readDomain(edited, new Map(), false);
  expect({ cpus, maxCpus, memoryBytes, maxMemoryBytes }).toEqual({
    ...{ cpus: to.cpus, maxCpus: to.maxCpus, memoryBytes: to.memoryBytes, maxMemoryBytes: to.maxMemoryBytes },
  });
});

test("the queues of disks are those of the limit, not of the CPUs: a snapshot's memory fits after a CPU has come", () => {
  const to = { ...sandboxSpec, maxCpus: 4 };
  const queues = (xml: string): string[] => [...xml.matchAll(/queues="(\d+)"/g)].map(([, count]) => count ?? "");
  const domain = parseXml(domainXml(sandboxSpec, uuid, networks));
  expect(queues(serialize(domain))).toEqual([]);
  editDomain(domain, to, domainDifference(domain, to, networks));
  expect(queues(serialize(domain))).toEqual(["4", "4", "4"]);
  expect(queues(domainXml(to, uuid, networks))).toEqual(["4", "4", "4"]);
  editDomain(domain, sandboxSpec, domainDifference(domain, sandboxSpec, networks));
  expect(queues(serialize(domain))).toEqual([]);
});

test("what a running guest has given back so far of its memory is no difference", () => {
  const spec = { ...sandboxSpec, ...room };
  const running = domainXml(spec, uuid, networks).replace(/(<currentMemory[^>]*>)\d+/, `$1${2 ** 20}`);
  expect(isSame(domainDifference(parseXml(running), spec, networks))).toBe(true);
  expect(readDomain(running, new Map(), false)).toMatchObject({ memoryBytes: spec.memoryBytes, maxMemoryBytes: 2 ** 30 });
});

test("a domain without limits is defined as ever", () => {
  expect(domainXml(sandboxSpec, uuid, networks)).not.toMatch(/currentMemory|vcpus|current=|memory="/);
});

test("what is not changed stays as it stands, with its address and with what others have added", () => {
  const address = '<address type="pci" domain="0x0000" bus="0x03" slot="0x00" function="0x0"/>';
  const xml = domainXml(sandboxSpec, uuid, networks)
    .replace('<source network="shop-back"/>', `<source network="shop-back"/>${address}`)
    .replace("</devices>", "<watchdog model='i6300esb'/></devices>");
  const domain = parseXml(xml);
  editDomain(domain, { ...sandboxSpec, nics: [back] }, domainDifference(domain, { ...sandboxSpec, nics: [back] }, networks));
  const edited = serialize(domain);
  expect(edited).toContain(address);
  expect(edited).toContain("watchdog");
  expect(edited).not.toContain("shop-front");
});

test("a balloon that gave memory back is no difference, and a raised limit raises both", () => {
  const domain = parseXml(
    domainXml(sandboxSpec, uuid, networks).replace("<vcpu>", '<currentMemory unit="KiB">100000</currentMemory><vcpu>'),
  );
  expect(isSame(domainDifference(domain, sandboxSpec, networks))).toBe(true);
  const to = { ...sandboxSpec, memoryBytes: 2 ** 30 };
  editDomain(domain, to, domainDifference(domain, to, networks));
  expect(descend(domain, "currentMemory")?.textContent).toBe(String(2 ** 20));
});

test("a drive without a medium is no seed", () => {
  const domain = parseXml(domainXml(sandboxSpec, uuid, networks).replace(/<source file="[^"]*iso"\/>/, ""));
  expect(domainDifference(domain, sandboxSpec, networks).seed).toBe(true);
  expect(domainDifference(domain, { ...sandboxSpec, seed: undefined }, networks).seed).toBe(false);
});

test("disks are named by letters, also beyond the 26th", () => {
  expect([0, 25, 26, 51, 52].map(diskTarget)).toEqual(["vda", "vdz", "vdaa", "vdaz", "vdba"]);
});

test("a sandbox with many devices gets slots to spare beyond them", () => {
  const nics = Array.from({ length: 12 }, (_, index) => ({ mac: `02:aa:00:00:03:0${index.toString(16)}`, network: "id-front" }));
  const ports = (spec: SandboxSpec): number => domainXml(spec, uuid, networks).split("pcie-root-port").length - 1;
  expect(ports(sandboxSpec)).toBe(14);
  expect(ports({ ...sandboxSpec, nics })).toBe(12 + 2 + 7);
});

test("forwards on another machine are refused, with their names", () => {
  const forwards = [{ name: "ssh", protocol: "tcp" as const, hostPort: 0, guestPort: 22 }];
  expect(() => requireSupported({ ...sandboxSpec, forwards }, "qemu+ssh://me@far/system")).toThrow(/HYPERVISOR_UNSUPPORTED: .*\(ssh\)/);
  for (const here of ["qemu:///system", "qemu:///system?socket=/run/x"])
    expect(() => requireSupported({ ...sandboxSpec, forwards }, here)).not.toThrow();
});
