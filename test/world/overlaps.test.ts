import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Cidr } from "../../lib/units/cidr.ts";
import { checkWorld } from "../../lib/world/check-world.ts";
import { findFreeBlock } from "../../lib/world/free-block.ts";
import { blockOf } from "../../lib/world/read/interfaces.ts";
import { labWith, worldWith } from "./value.ts";

const lab = labWith({ front: { cidr: "10.20.0.0/24" } });
const front = lab.networks["local/front"];
const owner = { deployment: "0123456789abcdef", lab: "shop", name: "front", provider: "libvirt", labels: {} };
const own = { name: "shop-front", by: "libvirt", owner, active: true, mode: "nat", bridge: front?.bridge, blocks: ["10.20.0.1/24"] };
const itsLink = { name: front?.bridge ?? "", kind: "bridge", addresses: ["10.20.0.1/24"] };
const itsRoute = { block: "10.20.0.0/24", device: front?.bridge ?? "", table: "main", type: "unicast" };

test("what the deployment itself has there is in nobody's way", () => {
  const world = worldWith({ networks: [own], links: [itsLink], routes: [itsRoute] });
  expect(checkWorld(lab, world, owner.deployment)).toEqual([]);
});

test("another lab's network is named with its deployment, its interface and route not once more", () => {
  const other = { ...own, name: "other-front", owner: { ...owner, lab: "other", deployment: "fedcba9876543210" }, bridge: "trm-x" };
  const world = worldWith({ networks: [other], links: [{ ...itsLink, name: "trm-x" }], routes: [{ ...itsRoute, device: "trm-x" }] });
  const found = checkWorld(lab, world, owner.deployment);
  expect(found).toMatchObject([{ code: "ADDRESSES_TAKEN", severity: "error" }]);
  expect(found[0]).not.toHaveProperty("detail");
  expect(found[0]?.summary).toContain('network "front" of lab "other" (deployment fedcba9876543210) has 10.20.0.0/24');
});

test("a lab of another name that is off keeps its addresses, and a stranger's network that is off is a warning", () => {
  const off = { ...own, active: false, name: "other-front", owner: { ...owner, lab: "other", deployment: "f" } };
  expect(checkWorld(lab, worldWith({ networks: [off] }))).toMatchObject([{ severity: "error" }]);
  const { owner: _, ...stranger } = { ...off, name: "default" };
  expect(checkWorld(lab, worldWith({ networks: [stranger] }))).toMatchObject([{ severity: "warning" }]);
});

test("a stranger of the same name is left to the check of names, with its bridge and its route", () => {
  const world = worldWith({ networks: [own], links: [itsLink], routes: [itsRoute] });
  expect(checkWorld(lab, world, "fedcba9876543210")).toEqual([]);
});

test("what came after the network was made is a warning that names both ways out", () => {
  const world = worldWith({ networks: [own], links: [itsLink, { name: "tun0", kind: "tun", addresses: ["10.20.0.9/24"] }] });
  const [found, ...others] = checkWorld(lab, world, owner.deployment);
  expect(others).toEqual([]);
  expect(found).toMatchObject({ severity: "warning", summary: expect.stringContaining("interface tun0 (VPN) has 10.20.0.9/24") as string });
  expect(found?.nextStep).toContain("apply --relocate");
});

test("a network that is about to move to another block is checked there", () => {
  const moved = { ...own, blocks: ["10.9.0.1/24"] };
  const world = worldWith({ networks: [moved], links: [itsLink, { name: "eth0", addresses: ["10.20.0.9/24"] }] });
  expect(checkWorld(lab, world, owner.deployment)).toMatchObject([{ severity: "error" }]);
});

test("networks without an address on the host overlap nothing there", () => {
  const open = labWith({ lan: { mode: "bridged", bridge: "br0", cidr: "192.168.1.0/24" }, wire: { mode: "none", cidr: "10.9.0.0/24" } });
  const links = [
    { name: "br0", kind: "bridge", addresses: ["192.168.1.7/24"] },
    { name: "eth1", addresses: ["10.9.0.4/24"] },
  ];
  expect(checkWorld(open, worldWith({ links }))).toEqual([]);
});

test("on VirtualBox, whose networks are on no interface, an overlap is a warning", () => {
  const box = labWith({ front: { cidr: "10.20.0.0/24" } }, { hypervisor: "virtualbox" });
  expect(checkWorld(box, worldWith({ links: [{ name: "eth0", addresses: ["10.20.0.7/24"] }] }))).toMatchObject([{ severity: "warning" }]);
});

test("a sandbox's own network is named by its sandbox, which has no cidr to write", () => {
  const alone = labWith({}, { sandboxes: { web: {} } });
  const address = alone.networks["local/web"]?.gateway ?? "";
  const [found] = checkWorld(alone, worldWith({ links: [{ name: "wg0", kind: "wireguard", addresses: [`${address}/29`] }] }));
  expect(found).toMatchObject({ severity: "error", path: ["sandboxes", "web"], summary: expect.stringContaining("(VPN)") as string });
  expect(found?.nextStep).not.toContain("cidr:");
});

test("the next free block is free, and none is named where there is none", () => {
  const block = fc
    .tuple(fc.nat(255), fc.nat(255), fc.integer({ min: 8, max: 29 }))
    .map(([b, c, prefix]) => blockOf(`10.${b}.${c}.0/${prefix}`) as Cidr);
  fc.assert(
    fc.property(fc.array(block, { maxLength: 30 }), fc.integer({ min: 20, max: 29 }), (taken, prefix) => {
      const free = findFreeBlock("shop", "front", prefix, taken);
      if (free === undefined) throw new Error("there is always one in 192.168.128.0/17");
      expect(free.prefix).toBe(prefix);
      expect(taken.filter((other) => other.overlaps(free))).toEqual([]);
    }),
  );
  expect(findFreeBlock("shop", "front", 24, [Cidr.parse("0.0.0.0/0")])).toBeUndefined();
});

test("it is the same one on every machine that has nothing else", () => {
  expect(findFreeBlock("shop", "front", 24, [])?.toString()).toBe(
    findFreeBlock("shop", "front", 24, [Cidr.parse("172.17.0.0/16")])?.toString(),
  );
});

test("many networks in the way of one thing are one finding that names them", () => {
  const many = labWith({}, { sandboxes: { web: { count: 30 } } });
  const found = checkWorld(many, worldWith({ routes: [{ block: "10.0.0.0/8", device: "tun0", table: "main", type: "unicast" }] }));
  expect(found).toMatchObject([
    {
      severity: "warning",
      summary: '30 networks of the lab overlap what host "local" has: there is a route to 10.0.0.0/8 on tun0',
      detail: expect.stringMatching(/^"web-1" \(10\.[\d./]+\): the next free block is 192\.168\.[^]*\nand 10 more$/) as string,
    },
  ]);
});
