import { expect, test } from "vitest";
import { nicNames } from "../../../lib/lab/plan/nic-names.ts";

const names = (...networks: string[]) => nicNames(networks.map((network) => ({ network })));

test("a NIC has its network's name, cut to 12 characters", () => {
  expect(names("front", "a-very-long-network-name")).toEqual(["front", "a-very-long"]);
});

test("a number tells those apart that would be equal", () => {
  expect(names("front", "front", "front2")).toEqual(["front", "front2", "front22"]);
  expect(names("internal-networks", "internal-network-2")).toEqual(["internal-net", "internal-net2"]);
});

test("the NIC of an own network is net0", () => {
  expect(nicNames([{ network: "web-1", own: true }])).toEqual(["net0"]);
});

test("names that a guest's kernel, udev or tools have for themselves are not used", () => {
  expect(names("lo", "eth0", "enp1s0", "all", "42", "docker0", "wlan0")).toEqual([
    "net-lo",
    "net-eth0",
    "net-enp1s0",
    "net-all",
    "net-42",
    "net-docker0",
    "net-wlan0",
  ]);
  expect(names("en", "entry", "lob", "ethernet")).toEqual(["en", "entry", "lob", "ethernet"]);
});

test("a hundred NICs in one network have names that Linux takes", () => {
  const many = nicNames(Array.from({ length: 100 }, () => ({ network: "abcdefghijklmnop" })));
  expect(new Set(many).size).toBe(100);
  expect(Math.max(...many.map(({ length }) => length))).toBeLessThanOrEqual(15);
});
