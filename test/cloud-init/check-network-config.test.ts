import { expect, test } from "vitest";
import { parse } from "yaml";
import { checkNetworkConfig } from "../../lib/cloud-init/check-network-config.ts";
import { networkConfig } from "../../lib/cloud-init/network-config.ts";
import { bareIntent, dhcpNic, isolatedNic, staticNic } from "./intents.ts";

const found = (value: Record<string, unknown>): string[] =>
  checkNetworkConfig(value, ["here"]).map(({ code, severity, path }) => `${severity} ${code} ${path?.join(".")}`);

test("what we write ourselves is fine", () => {
  const written = networkConfig({ ...bareIntent, nics: [dhcpNic, isolatedNic, staticNic] }) ?? "";
  const value = parse(written.replace(/^#.*\n/, "")) as Record<string, unknown>;
  expect(found(value)).toEqual([]);
  expect(found({ network: value })).toEqual([]);
});

test.each([
  [{ version: 1, config: [{ type: "physical", name: "eth0", subnets: [{ type: "dhcp" }] }] }, []],
  [{ version: 1, config: [{ type: "physical", subnets: [] }] }, ["error CLOUD_INIT_NETWORK_CONFIG here.config.0"]],
  [{ version: 1, config: [{ type: "physical", name: "e", mtu: "big" }] }, ["error CLOUD_INIT_NETWORK_CONFIG here.config.0.mtu"]],
  [{ version: 2, ethernets: { e: { dhcp4: "maybe" } } }, ["error CLOUD_INIT_NETWORK_CONFIG here.ethernets.e.dhcp4"]],
  [{ version: 2, ethernets: { e: { match: { foo: "a" } } } }, ["warning CLOUD_INIT_NETWORK_CONFIG here.ethernets.e.match.foo"]],
  [
    { network: { version: 2, ethernets: { e: { gateway6: "fd00::1" } } } },
    ["warning CLOUD_INIT_GATEWAY here.network.ethernets.e.gateway6"],
  ],
])("%j: %j", (value, expected) => {
  expect(found(value)).toEqual(expected);
});
