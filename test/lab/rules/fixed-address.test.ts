import { expect, test } from "vitest";
import { labOf, normalized, said } from "../lab-fixtures.ts";
import { checkFixedAddresses } from "../../../lib/lab/rules/fixed-address.ts";

const networks = { front: { cidr: "10.20.0.0/24" } };

test("one sandbox may have one fixed address", () => {
  expect(checkFixedAddresses({ sandbox: "web", ip: "10.20.0.5", copies: 1, path: [], each: false })).toEqual([]);
});

test("several copies need a list, which is said once", () => {
  expect(said(labOf({ web: { count: 3, networks: [{ name: "front", ip: "10.20.0.5" }] } }, { networks }))).toEqual([
    "COUNT_NEEDS_IPS sandboxes.web.networks.0.ip",
  ]);
});

test("a list gives each copy its own", () => {
  const written = labOf({ web: { count: 2, networks: [{ name: "front", ips: ["10.20.0.5", "10.20.0.6"] }] } }, { networks });
  const { sandboxes } = normalized(written).lab;
  expect(Object.values(sandboxes).map(({ name, nics }) => [name, nics[0]?.address])).toEqual([
    ["web-1", "10.20.0.5"],
    ["web-2", "10.20.0.6"],
  ]);
});

test("the list is as long as the number of copies", () => {
  for (const count of [1, 3]) {
    expect(said(labOf({ web: { count, networks: [{ name: "front", ips: ["10.20.0.5", "10.20.0.6"] }] } }, { networks }))).toEqual([
      "IPS_MISMATCH sandboxes.web.networks.0.ips",
    ]);
  }
});

test("an address with ${each:…} is another one in each copy", () => {
  const written = labOf(
    { web: { forEach: { a: { ip: "10.20.0.7" }, b: { ip: "10.20.0.8" } }, networks: [{ name: "front", ip: "${each:ip}" }] } },
    { networks },
  );
  expect(Object.values(normalized(written).lab.sandboxes).map(({ nics }) => nics[0]?.address)).toEqual(["10.20.0.7", "10.20.0.8"]);
});

test("what is no address is refused at its place in the list", () => {
  expect(said(labOf({ web: { count: 2, networks: [{ name: "front", ips: ["10.20.0.5", "10.20.0.300"] }] } }, { networks }))).toEqual([
    "INVALID_VALUE sandboxes.web.networks.0.ips.1",
  ]);
});
