import fc from "fast-check";
import { expect, test } from "vitest";
import { requireSoundNetwork } from "../../../lib/hypervisor/kvm/check-network.ts";
import { networkEdits } from "../../../lib/hypervisor/kvm/network-edits.ts";
import { defaultBridge, networkXml } from "../../../lib/hypervisor/kvm/network-xml.ts";
import { readNetwork } from "../../../lib/hypervisor/kvm/networks.ts";
import { parseXml } from "../../../lib/hypervisor/kvm/xml.ts";
import { fixedDifferences } from "../../../lib/hypervisor/kvm/update-network.ts";
import type { NetworkSpec } from "../../../lib/hypervisor/provisioning.ts";
import { networkSpec, uuid } from "./specs.ts";

const hosts = fc.uniqueArray(fc.integer({ min: 2, max: 200 }), { maxLength: 6 });
const label = fc.stringMatching(/^[a-z]{1,6}$/);

/** Any reservations and records that do not contradict each other. */
const entries = fc
  .record({ hosts, names: fc.uniqueArray(label, { minLength: 6, maxLength: 6 }), recorded: hosts, named: fc.nat() })
  .map(({ hosts: reserved, names, recorded, named }): Pick<NetworkSpec, "reservations" | "records"> => ({
    reservations: reserved.map((host, index) => ({
      mac: `02:aa:00:00:00:${host.toString(16).padStart(2, "0")}`,
      address: `10.20.0.${host}`,
      ...((named >> index) & 1 ? { name: names[index] ?? "x" } : {}),
    })),
    records: recorded.map((host, index) => ({ address: `10.20.0.${host}`, names: [`rec-${index}`, `rec-${index}.front.shop.test`] })),
  }));

const byHost = <T extends { readonly address: string }>(items: readonly T[]): T[] =>
  items.toSorted((a, b) => Number(a.address.split(".")[3]) - Number(b.address.split(".")[3]));

test("a network's reservations and records are read back as they were written", () => {
  const property = fc.property(entries, (more) => {
    const record = readNetwork(networkXml({ ...networkSpec, ...more }, uuid), true);
    expect(record).toMatchObject({ id: uuid, name: "shop-front", mode: "nat", addresses: ["10.20.0.1/24"], domain: "front.shop.test" });
    expect(record.owner).toEqual(networkSpec.owner);
    expect(record.reservations).toEqual(byHost(more.reservations));
    expect(record.records).toEqual(byHost(more.records));
  });
  fc.assert(property, { numRuns: 200 });
});

test("edits bring any network to any specification, and then there are none", () => {
  const property = fc.property(entries, entries, (from, to) => {
    const before = parseXml(networkXml({ ...networkSpec, ...from }, uuid));
    const edits = networkEdits(before, { ...networkSpec, ...to });
    const now = new Set(
      networkEdits(parseXml(networkXml({ ...networkSpec, reservations: [], records: [] }, uuid)), { ...networkSpec, ...from }).map(
        ([, ...entry]) => entry.join(),
      ),
    );
    for (const [command, ...entry] of edits) {
      if (command === "add") expect(now.has(entry.join())).toBe(false);
      if (command === "add") now.add(entry.join());
      else expect(now.delete(entry.join())).toBe(true);
    }
    const wanted = networkEdits(parseXml(networkXml({ ...networkSpec, reservations: [], records: [] }, uuid)), { ...networkSpec, ...to });
    expect([...now].sort()).toEqual(wanted.map(([, ...entry]) => entry.join()).sort());
    expect(networkEdits(parseXml(networkXml({ ...networkSpec, ...to }, uuid)), { ...networkSpec, ...to })).toEqual([]);
  });
  fc.assert(property, { numRuns: 200 });
});

test("only what differs is edited, and what goes makes room first", () => {
  const [web, nameless] = networkSpec.reservations;
  if (!web || !nameless) throw new Error("The specification has two reservations");
  const to = { ...networkSpec, reservations: [{ ...web, address: "10.20.0.20" }, nameless] };
  expect(networkEdits(parseXml(networkXml(networkSpec, uuid)), to)).toEqual([
    ["delete", "dns-host", '<host ip="10.20.0.10"><hostname>web</hostname><hostname>web.front.shop.test</hostname></host>'],
    ["delete", "ip-dhcp-host", '<host mac="02:aa:00:00:00:0a" name="web" ip="10.20.0.10"/>'],
    ["add", "ip-dhcp-host", '<host mac="02:aa:00:00:00:0a" name="web" ip="10.20.0.20"/>'],
    ["add", "dns-host", '<host ip="10.20.0.20"><hostname>web</hostname><hostname>web.front.shop.test</hostname></host>'],
  ]);
});

test("a record on a reserved address is told from the reservation's own names", () => {
  const records = [{ address: "10.20.0.10", names: ["www"] }];
  expect(readNetwork(networkXml({ ...networkSpec, records }, uuid), true)).toMatchObject({ records, reservations: [{ name: "web" }, {}] });
});

test("a reserved name that DNS does not answer is not shown: that is drift", () => {
  const xml = networkXml({ ...networkSpec, records: [] }, uuid).replace(/<dns>.*<\/dns>/, "");
  expect(readNetwork(xml, true).reservations?.[0]).toEqual({ mac: "02:aa:00:00:00:0a", address: "10.20.0.10" });
});

test("the owner of an active network is read from what is stored", () => {
  const stored = networkXml({ ...networkSpec, owner: { ...networkSpec.owner, labels: { new: "1" } } }, uuid);
  expect(readNetwork(networkXml(networkSpec, uuid), true, stored).owner?.labels).toEqual({ new: "1" });
});

test("what cannot be changed in place is named", () => {
  const record = readNetwork(networkXml(networkSpec, uuid), true);
  expect(fixedDifferences(record, networkSpec)).toEqual([]);
  const { bridge: _bridge, ...unnamed } = networkSpec;
  expect(fixedDifferences(record, unnamed)).toEqual([]);
  expect(
    fixedDifferences(record, {
      ...networkSpec,
      mode: "isolated",
      cidr: "10.21.0.0/16",
      gateway: "10.21.0.1",
      domain: "x.test",
      bridge: "b",
    }),
  ).toEqual([
    "mode is nat, not isolated",
    "address is 10.20.0.1/24, not 10.21.0.1/16",
    "DNS domain is front.shop.test, not x.test",
    "bridge is trm-front-1k3x9, not b",
  ]);
});

test("all contradictions of a network are reported at once", () => {
  const twice = { mac: "02:aa:00:00:00:0A", address: "10.20.0.10", name: "web" };
  const spec = { ...networkSpec, gateway: "192.0.2.1", reservations: [...networkSpec.reservations, twice] };
  expect(() => requireSoundNetwork(spec)).toThrow(
    /192\.0\.2\.1 is not in 10\.20\.0\.0\/24\n.*02:aa:00:00:00:0a is reserved or recorded twice\n.*10\.20\.0\.10 is reserved/,
  );
  const sameName = [...networkSpec.reservations, { mac: "02:aa:00:00:00:0c", address: "10.20.0.12", name: "web" }];
  expect(() => requireSoundNetwork({ ...networkSpec, reservations: sameName })).toThrow(
    /DUPLICATE_ITEM: .*web is reserved or recorded twice/,
  );
  expect(() => requireSoundNetwork({ ...networkSpec, cidr: "10.20.0.1/24" })).toThrow(/INVALID_CIDR/);
});

test("a bridge's name fits into 15 characters and differs with the network's", () => {
  const names = ["", "n", "shop-front", "shop-back", "a-very-long-name-of-a-network", "Ümlaut/..%"];
  const bridges = names.map(defaultBridge);
  for (const bridge of bridges) expect(bridge).toMatch(/^trm-[a-z0-9-]{1,11}$/);
  expect(new Set(bridges).size).toBe(names.length);
});
