import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { userData } from "../../../../lib/cloud-init/user-data.ts";
import { vendorData } from "../../../../lib/cloud-init/vendor-data.ts";
import { seedFiles } from "../../../../lib/deploy/seed-files.ts";
import { isoImage } from "../../../../lib/seed/iso-image.ts";
import { bareNic, fullIntent } from "../../../cloud-init/intents.ts";
import { askPython, cloudInit } from "./cloud-init.ts";

const intent = { ...fullIntent, metaData: { role: "web" }, nics: [...fullIntent.nics, bareNic] };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "terrarium-config-drive-"));
  const { volumeId, files } = seedFiles({ seed: "configdrive" }, intent);
  writeFileSync(
    join(folder, "seed.iso"),
    isoImage({ volumeId, files: files.map(({ path, content }) => ({ path, content: Buffer.from(content) })) }),
  );
  run("xorriso", "-osirrox", "on", "-indev", join(folder, "seed.iso"), "-extract", "/", join(folder, "tree"));
});
afterAll(() => {
  // What xorriso extracted is read-only, as in the image.
  for (const path of ["tree", "tree/openstack", "tree/openstack/latest"]) chmodSync(join(folder, path), 0o700);
  rmSync(folder, { recursive: true, force: true });
});

function run(program: string, ...args: string[]): string {
  return execFileSync(program, args, {
    env: { ...process.env, LC_ALL: "C", TZ: "UTC" },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}

test("the image has the label by which cloud-init looks for a ConfigDrive", () => {
  const image = join(folder, "seed.iso");
  expect(run("isoinfo", "-d", "-i", image)).toContain("Volume id: config-2");
  expect(run("blkid", "-p", "-o", "value", "-s", "LABEL", image).trim()).toBe("config-2");
});

test("cloud-init's own datasource reads in it what the intent says", () => {
  const [read] = askPython("read_config_drive.py", [join(folder, "tree")]) as [{ metadata: object; network: { config: object[] } }];
  expect(read).toMatchObject({ version: 2, userdata: userData(intent), vendordata: vendorData(intent, false) });
  expect(read.metadata).toEqual({
    uuid: intent.instanceId,
    "instance-id": intent.instanceId,
    hostname: "web-1.front.test",
    "local-hostname": "web-1.front.test",
    role: "web",
  });
  const physical = { type: "physical" };
  expect(read.network).toEqual({
    version: 1,
    config: [
      { ...physical, name: "front", mac_address: "02:aa:bb:00:00:05", subnets: [{ type: "dhcp4" }] },
      { ...physical, name: "back", mac_address: "02:aa:bc:00:00:05", mtu: 1400, subnets: [{ type: "dhcp4", metric: 1000 }] },
      {
        ...physical,
        name: "fixed",
        mac_address: "02:aa:bd:00:00:05",
        subnets: [
          {
            type: "static",
            ipv4: true,
            address: "10.20.0.5",
            netmask: "255.255.255.0",
            routes: [{ network: "0.0.0.0", netmask: "0.0.0.0", gateway: "10.20.0.1" }],
            dns_nameservers: ["10.20.0.1"],
            dns_search: ["front.test"],
          },
        ],
      },
      { ...physical, name: "wire", mac_address: "02:00:00:00:00:01", subnets: [] },
    ],
  });
});

test("netplan gets from it the cards, addresses and routes of the intent", () => {
  const input = join(folder, "tree/openstack/latest/network_data.json");
  const output = join(folder, "netplan");
  const { exitCode, output: said } = cloudInit(
    "devel",
    "net-convert",
    "-p",
    input,
    "-k",
    "network_data.json",
    "-d",
    output,
    "-D",
    "debian",
    "-O",
    "netplan",
  );
  expect({ exitCode, said }).toMatchObject({ exitCode: 0 });
  const [name = ""] = readdirSync(join(output, "etc/netplan"));
  const { network } = parse(readFileSync(join(output, "etc/netplan", name), "utf8")) as { network: { ethernets: object } };
  expect(network.ethernets).toMatchObject({
    front: { match: { macaddress: "02:aa:bb:00:00:05" }, "set-name": "front", dhcp4: true },
    back: { match: { macaddress: "02:aa:bc:00:00:05" }, "set-name": "back", dhcp4: true, mtu: 1400 },
    fixed: {
      match: { macaddress: "02:aa:bd:00:00:05" },
      "set-name": "fixed",
      addresses: ["10.20.0.5/24"],
      nameservers: { addresses: ["10.20.0.1"], search: ["front.test"] },
      routes: [{ to: "0.0.0.0/0", via: "10.20.0.1" }],
    },
    wire: { match: { macaddress: "02:00:00:00:00:01" }, "set-name": "wire" },
  });
  expect(network.ethernets).not.toHaveProperty(["wire", "dhcp4"]);
});

test("a network configuration of version 2 in that file is none to cloud-init: that is why `networkConfig` is refused for a ConfigDrive", () => {
  const input = join(folder, "version-2.json");
  const output = join(folder, "version-2");
  writeFileSync(input, JSON.stringify({ version: 2, ethernets: { eth0: { match: { macaddress: "02:00:00:00:00:01" }, dhcp4: true } } }));
  const { exitCode } = cloudInit(
    "devel",
    "net-convert",
    "-p",
    input,
    "-k",
    "network_data.json",
    "-d",
    output,
    "-D",
    "debian",
    "-O",
    "netplan",
  );
  expect(exitCode).toBe(0);
  const [name = ""] = readdirSync(join(output, "etc/netplan"));
  expect(parse(readFileSync(join(output, "etc/netplan", name), "utf8"))).toEqual({ network: { version: 2 } });
});
