import { expect, test } from "vitest";
import { checkAddressInNetwork } from "../../../lib/lab/rules/address-in-network.ts";
import { Cidr } from "../../../lib/units/cidr.ts";
import { labOf, said } from "../lab-fixtures.ts";

const check = (address: string) =>
  checkAddressInNetwork({ address, network: "front", cidr: Cidr.parse("10.20.0.0/24"), cidrWritten: true, path: ["x"] });

test("any address between gateway and broadcast is fine", () => {
  expect(check("10.20.0.2")).toEqual([]);
  expect(check("10.20.0.254")).toEqual([]);
});

test("an address outside is refused, with those to choose from", () => {
  expect(check("10.21.0.5")).toMatchObject([
    { code: "ADDRESS_OUTSIDE_NETWORK", path: ["x"], nextStep: "Choose one from 10.20.0.2 to 10.20.0.254." },
  ]);
});

test("the network's own, the gateway's and the broadcast address are refused", () => {
  for (const address of ["10.20.0.0", "10.20.0.1", "10.20.0.255"])
    expect(check(address)).toMatchObject([{ code: "ADDRESS_NOT_ASSIGNABLE" }]);
});

test("an address in a planned network is told to give the network a block", () => {
  expect(said(labOf({ db: { networks: [{ name: "front", ip: "10.20.0.5" }] } }, { networks: { front: {} } }))).toEqual([
    "ADDRESS_OUTSIDE_NETWORK sandboxes.db.networks.0.ip",
  ]);
});
