import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { networkConfig } from "../../../../lib/cloud-init/network-config.ts";
import type { SeedNic } from "../../../../lib/cloud-init/seed-intent.ts";
import { bareIntent, dhcpNic, isolatedNic, staticNic } from "../../../cloud-init/intents.ts";
import { cloudInit } from "./cloud-init.ts";

type Renderer = "netplan" | "networkd" | "sysconfig" | "eni" | "network-manager";

const nics: readonly SeedNic[] = [dhcpNic, isolatedNic, staticNic];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "terrarium-network-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What cloud-init writes into the guest for our network-config, by file name; comments left out. */
function render(renderer: Renderer): Record<string, string> {
  const input = join(folder, "network-config");
  writeFileSync(input, networkConfig({ ...bareIntent, nics }) ?? "");
  const output = join(folder, renderer);
  // sysconfig needs a distribution that has it.
  const distribution = renderer === "sysconfig" ? "centos" : "debian";
  const { exitCode, output: said } = cloudInit(
    "devel",
    "net-convert",
    "-p",
    input,
    "-k",
    "yaml",
    "-d",
    output,
    "-D",
    distribution,
    "-O",
    renderer,
  );
  expect(said).not.toMatch(/warn|error|deprecat/i);
  expect(exitCode).toBe(0);
  const files = readdirSync(output, { recursive: true, encoding: "utf8" }).filter((path) => statSync(join(output, path)).isFile());
  const text = (path: string): string => readFileSync(join(output, path), "utf8").replaceAll(/^#.*\n/gm, "");
  return Object.fromEntries(files.map((path) => [path.split("/").at(-1) ?? path, text(path)]));
}

test("netplan finds every card by its MAC, and gets our words as they are", () => {
  const { network } = parse(render("netplan")["50-cloud-init.yaml"] ?? "") as { network: unknown };
  expect(network).toEqual({
    version: 2,
    ethernets: {
      front: { match: { macaddress: "02:aa:bb:00:00:05" }, "set-name": "front", dhcp4: true, "dhcp-identifier": "mac" },
      back: {
        match: { macaddress: "02:aa:bc:00:00:05" },
        "set-name": "back",
        dhcp4: true,
        "dhcp-identifier": "mac",
        "dhcp4-overrides": { "use-routes": false, "route-metric": 1000 },
        mtu: 1400,
      },
      fixed: {
        match: { macaddress: "02:aa:bd:00:00:05" },
        "set-name": "fixed",
        dhcp4: false,
        addresses: ["10.20.0.5/24"],
        routes: [{ to: "0.0.0.0/0", via: "10.20.0.1" }],
        nameservers: { addresses: ["10.20.0.1"], search: ["front.test"] },
      },
    },
  });
});

test("networkd finds every card by its MAC", () => {
  const files = render("networkd");
  expect(sections(files["10-cloud-init-front.network"])).toEqual({
    Match: ["MACAddress=02:aa:bb:00:00:05", "Name=front"],
    Network: ["DHCP=ipv4"],
  });
  expect(sections(files["10-cloud-init-back.network"])).toEqual({
    DHCPv4: ["RouteMetric=1000", "UseRoutes=False"],
    Link: ["MTUBytes=1400"],
    Match: ["MACAddress=02:aa:bc:00:00:05", "Name=back"],
    Network: ["DHCP=ipv4"],
  });
  expect(sections(files["10-cloud-init-fixed.network"])).toEqual({
    Address: ["Address=10.20.0.5/24"],
    Match: ["MACAddress=02:aa:bd:00:00:05", "Name=fixed"],
    Network: ["DHCP=no", "DNS=10.20.0.1", "Domains=front.test"],
    Route: ["Destination=0.0.0.0/0", "Gateway=10.20.0.1"],
  });
});

test("sysconfig finds every card by its MAC: a stale HWADDR of the image's is gone with it", () => {
  const files = render("sysconfig");
  expect(lines(files["ifcfg-front"])).toEqual(
    expect.arrayContaining(["DEVICE=front", "HWADDR=02:aa:bb:00:00:05", "BOOTPROTO=dhcp", "ONBOOT=yes"]),
  );
  expect(lines(files["ifcfg-back"])).toEqual(
    expect.arrayContaining(["DEVICE=back", "HWADDR=02:aa:bc:00:00:05", "BOOTPROTO=dhcp", "MTU=1400"]),
  );
  expect(lines(files["ifcfg-fixed"])).toEqual(
    expect.arrayContaining([
      "DEVICE=fixed",
      "HWADDR=02:aa:bd:00:00:05",
      "BOOTPROTO=none",
      "IPADDR=10.20.0.5",
      "NETMASK=255.255.255.0",
      "GATEWAY=10.20.0.1",
      "DEFROUTE=yes",
      "DNS1=10.20.0.1",
      "DOMAIN=front.test",
    ]),
  );
});

test("NetworkManager finds every card by its MAC", () => {
  const files = render("network-manager");
  expect(sections(files["cloud-init-front.nmconnection"])).toMatchObject({
    ethernet: ["mac-address=02:AA:BB:00:00:05"],
    ipv4: ["method=auto", "may-fail=false"],
  });
  expect(sections(files["cloud-init-back.nmconnection"])).toMatchObject({ ethernet: ["mtu=1400", "mac-address=02:AA:BC:00:00:05"] });
  expect(sections(files["cloud-init-fixed.nmconnection"])).toMatchObject({
    ethernet: ["mac-address=02:AA:BD:00:00:05"],
    ipv4: [
      "method=manual",
      "may-fail=false",
      "address1=10.20.0.5/24",
      "route1=0.0.0.0/0,10.20.0.1",
      "dns=10.20.0.1;",
      "dns-search=front.test;",
    ],
  });
});

test("ENI names every card by its MAC through udev, and configures it by that name", () => {
  const files = render("eni");
  const rules = files["70-persistent-net.rules"];
  for (const { mac, name } of nics) expect(rules).toContain(`ATTR{address}=="${mac.toLowerCase()}", NAME="${name}"`);
  const interfaces = files["50-cloud-init"];
  expect(interfaces).toMatch(/auto front\niface front inet dhcp\n/);
  expect(interfaces).toMatch(/auto back\niface back inet dhcp\n +metric 1000\n +mtu 1400\n/);
  expect(interfaces).toMatch(/auto fixed\niface fixed inet static\n +address 10\.20\.0\.5\/24\n/);
  expect(interfaces).toMatch(/post-up route add default gw 10\.20\.0\.1/);
});

function lines(text: string | undefined): string[] {
  return (text ?? "").split("\n").filter((line) => line !== "");
}

/** An INI file's lines by section. */
function sections(text: string | undefined): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  let current: string[] = [];
  for (const line of lines(text)) {
    const name = /^\[(\w+)\]$/.exec(line)?.[1];
    if (name === undefined) current.push(line);
    else found[name] = current = [];
  }
  return found;
}
