import { expect, test } from "vitest";
import { canonicalIp, ipFamily, isInBlock, isLinkLocal, parseIpBlock, type IpBlock } from "../../lib/units/ip-block.ts";

test.each([
  ["10.20.0.5", 4],
  ["fd00::5", 6],
  ["::ffff:10.0.0.1", 6],
  ["10.20.0.05", undefined],
  ["10.20.0.5/24", undefined],
  ["fd00::5/64", undefined],
  ["fe80::1%eth0", undefined],
  ["fd00:::5", undefined],
  ["", undefined],
])("%j is of family %s", (text, family) => {
  expect(ipFamily(text)).toBe(family);
});

test.each([
  ["10.20.0.0/24", { family: 4, address: "10.20.0.0", prefix: 24, isBase: true }],
  ["10.20.0.5/24", { family: 4, address: "10.20.0.5", prefix: 24, isBase: false }],
  ["::/0", { family: 6, address: "::", prefix: 0, isBase: true }],
  ["fd00::5/64", { family: 6, address: "fd00::5", prefix: 64, isBase: false }],
  ["10.20.0.0/33", undefined],
  ["fd00::/129", undefined],
  ["10.20.0.0", undefined],
  ["10.20.0.0/", undefined],
  ["10.20.0.0/2/4", undefined],
])("%j as a block", (text, block) => {
  expect(parseIpBlock(text)).toEqual(block);
});

test("an address is in a block of its family only", () => {
  const block = parseIpBlock("fd00::5/64");
  const all: IpBlock = { family: 4, address: "0.0.0.0", prefix: 0, isBase: true };
  expect(block && [isInBlock("fd00::ffff", block), isInBlock("fd00:1::1", block), isInBlock("10.0.0.1", block)]).toEqual([
    true,
    false,
    false,
  ]);
  expect([isInBlock("10.0.0.1", all), isInBlock("::1", all)]).toEqual([true, false]);
});

test("addresses are written one way, and link-local ones are known", () => {
  expect([canonicalIp("FD00:0:0::5"), canonicalIp("10.0.0.5")]).toEqual(["fd00::5", "10.0.0.5"]);
  expect([isLinkLocal("fe80::1"), isLinkLocal("fd00::1"), isLinkLocal("169.254.0.1")]).toEqual([true, false, false]);
});
