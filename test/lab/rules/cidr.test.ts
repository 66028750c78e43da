import { expect, test } from "vitest";
import { checkCidr } from "../../../lib/lab/rules/cidr.ts";

const check = (cidr: string, reserve?: number) => checkCidr({ network: "front", cidr, reserve, path: ["networks", "front"] });

test("private blocks down to /30 are fine", () => {
  for (const cidr of ["100.64.0.0/10", "10.20.0.0/24", "192.168.50.0/24", "172.20.0.0/16", "10.1.2.4/30"]) expect(check(cidr)).toEqual([]);
});

test("host bits are refused, and the block that was meant is named", () => {
  expect(check("10.20.0.7/24")).toMatchObject([{ code: "INVALID_CIDR", path: ["networks", "front", "cidr"] }]);
  expect(check("10.20.0.7/24")[0]?.nextStep).toContain('"10.20.0.0/24"');
});

test("what is no block at all is refused", () => {
  for (const cidr of ["10.20.0.0", "10.20.0.0/33", "300.1.1.0/24", "front"]) expect(check(cidr)).toMatchObject([{ code: "INVALID_CIDR" }]);
});

test("loopback, link-local, multicast and everything larger than a /8 cannot be used", () => {
  for (const cidr of ["127.0.0.0/24", "169.254.1.0/24", "224.1.0.0/24", "255.255.255.0/24", "0.0.0.0/0", "10.0.0.0/7"]) {
    expect(check(cidr)).toMatchObject([{ code: "CIDR_UNUSABLE" }]);
  }
});

test("a block needs room for a gateway and a sandbox", () => {
  for (const cidr of ["10.20.0.0/31", "10.20.0.1/32"]) expect(check(cidr)).toMatchObject([{ code: "CIDR_TOO_SMALL" }]);
});

test("a block needs room for what it is to reserve", () => {
  expect(check("10.20.0.0/24", 245)).toEqual([]);
  expect(check("10.20.0.0/24", 246)).toMatchObject([
    { code: "CIDR_TOO_SMALL", summary: 'network "front" cannot reserve 246 addresses in 10.20.0.0/24, at most 245' },
  ]);
  expect(check("10.20.0.0/29", 5)).toEqual([]);
  expect(check("10.20.0.0/29", 6)).toMatchObject([{ code: "CIDR_TOO_SMALL" }]);
});

test("public blocks and those that others use by default are warned of", () => {
  expect(check("8.8.8.0/24")).toMatchObject([{ code: "CIDR_PUBLIC", severity: "warning" }]);
  for (const cidr of ["10.0.2.0/24", "192.168.122.0/24", "172.17.0.0/16", "10.0.0.0/8"]) {
    expect(check(cidr)).toMatchObject([{ code: "CIDR_OFTEN_TAKEN", severity: "warning" }]);
  }
});
