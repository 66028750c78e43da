import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hardWiredImage, hardWiredMac } from "../../../fixtures/debian-image.ts";
import { makeLabRunner, nothingLeft, whyNoLabs, type LabRunner } from "../../../fixtures/lab-runner.ts";
import { applyLab, ask, identityOf, type Identity } from "./guest.ts";

/** Bases that another machine ran from: with its MAC in their network files, and with its whole identity. Two guests at a time. */
const full = (process.env["TERRARIUM_TEST_FULL"] ?? "") !== "";
const skip = !full || (await whyNoLabs("terrarium")) !== undefined;

let labs: LabRunner;
let used: Identity;

const guest = { cpus: 1, memory: "512MiB", disk: "3GiB" };

async function apply(rest: object): Promise<void> {
  await labs.write({ provider: "terrarium", hosts: { local: { uri: "embedded" } }, ...rest });
  await applyLab(labs);
}

/** Two clones of the hard-wired base: one is told nothing, the other has a seed. */
async function hardWiredLab(bare: object): Promise<void> {
  await apply({
    lab: "wired",
    images: { old: { path: "./hard-wired.qcow2" } },
    networks: { front: { mode: "nat", cidr: "10.79.20.0/24" } },
    defaults: { ...guest, image: "old" },
    sandboxes: {
      bare: { seed: "none", ...bare },
      cured: { networks: [{ name: "front", ip: "10.79.20.12" }], cloudInit: { runCmd: ["echo cured >>/var/lib/ran"] } },
    },
  });
}

interface AgentNic {
  readonly name: string;
  readonly "hardware-address"?: string;
  readonly "ip-addresses"?: readonly { readonly "ip-address": string; readonly "ip-address-type": string }[];
}

/** IPv4 addresses of the bare clone by MAC, as its guest agent tells them once it runs: the only way in without a network. */
async function bareAddresses(): Promise<Record<string, string[]>> {
  await expect.poll(() => agent("guest-ping"), { timeout: 240_000, interval: 3000 }).toEqual({});
  const nics = (await agent("guest-network-get-interfaces")) as readonly AgentNic[];
  const cards = nics.filter(({ name }) => name !== "lo");
  return Object.fromEntries(
    cards.map((nic) => [
      nic["hardware-address"] ?? "",
      (nic["ip-addresses"] ?? []).filter((address) => address["ip-address-type"] === "ipv4").map((address) => address["ip-address"]),
    ]),
  );
}

/** Its answer, or what virsh complained of. */
async function agent(command: string): Promise<unknown> {
  try {
    return (JSON.parse(await labs.virsh("qemu-agent-command", "wired-bare", JSON.stringify({ execute: command }))) as { return: unknown })
      .return;
  } catch (error) {
    return String(error);
  }
}

beforeAll(async () => {
  if (skip) return;
  labs = await makeLabRunner();
  await hardWiredImage(labs.directory);
});

afterAll(async () => {
  await labs?.dispose();
});

test.skipIf(skip)("a base whose network is bound to a MAC has none on a clone, and has it where the clone has a seed", async () => {
  const { stdout } = await labs.run(["images", "check", "./hard-wired.qcow2"]);
  expect(stdout).toMatch(/cured +mac-addresses/);
  await hardWiredLab({ networks: [{ name: "front", ip: "10.79.20.11" }], ready: "none" });
  const addresses = await bareAddresses();
  expect(Object.values(addresses)).toEqual([[]]);
  expect(Object.keys(addresses)).not.toContain(hardWiredMac);
  expect(await labs.virsh("net-dhcp-leases", "wired-front")).not.toContain("10.79.20.11");

  expect(
    await ask(labs, "cured", {
      status: "cloud-init status | head -n 1",
      address: "ip -br -4 addr show front | awk '{print $2, $3}'",
      old: "cat /etc/systemd/network/05-wired.network | grep MACAddress",
      ran: "cat /var/lib/ran",
    }),
  ).toEqual({ status: "status: done", address: "UP 10.79.20.12/24", old: `MACAddress=${hardWiredMac}`, ran: "cured" });
  used = await identityOf(labs, "cured");
  // The former machine's instance-id was stale: another instance than it.
  expect(used.instance).toMatch(/^wired-cured-/);
});

test.skipIf(skip)(
  "with the former machine's MAC the same base, told nothing, has its network: it was the MAC that was missing",
  async () => {
    await hardWiredLab({ networks: [{ name: "front", ip: "10.79.20.11", mac: hardWiredMac }], ready: "address" });
    // The host gives the lease a moment before the guest has the address.
    await expect.poll(bareAddresses, { timeout: 120_000, interval: 2000 }).toEqual({ [hardWiredMac]: ["10.79.20.11"] });
  },
);

const cards = { front: "52:54:00:0e:48:01", wire: "52:54:00:0e:49:01" };

/** A clone that is told its network by cloud-init's own format. */
const one = {
  networks: [
    { name: "front", mac: cards.front },
    { name: "wire", mac: cards.wire },
  ],
  cloudInit: {
    runCmd: ["echo one >>/var/lib/ran"],
    networkConfig: {
      version: 2,
      ethernets: {
        front: { match: { macaddress: cards.front }, "set-name": "front", dhcp4: true, "dhcp-identifier": "mac" },
        wire: {
          match: { macaddress: cards.wire },
          "set-name": "wire",
          mtu: 1400,
          addresses: ["10.79.22.1/24", "fd79::1/64"],
          routes: [{ to: "10.88.0.0/16", via: "10.79.22.9" }],
        },
      },
      vlans: { "wire.42": { id: 42, link: "wire", addresses: ["10.42.0.1/24"] } },
    },
  },
};

/** A clone that is told the same by the lab. */
const two = {
  networks: [
    "front",
    {
      name: "wire",
      ip: "10.79.22.2",
      mtu: 1400,
      ipv6: "fd79::2/64",
      routes: [{ to: "10.88.0.0/16", via: "10.79.22.9" }],
      vlans: [{ id: 42, address: "10.42.0.2/24" }],
    },
  ],
  cloudInit: { runCmd: ["echo two >>/var/lib/ran"] },
};

test.skipIf(skip)("a used VM's disk, prepared, gives clones with identities of their own, on which cloud-init runs anew", async () => {
  expect(await labs.run(["stop", "cured"])).toMatchObject({ exitCode: 0 });
  const disk = (await labs.virsh("domblklist", "wired-cured")).match(/\/\S+\.qcow2/)?.[0] ?? "";
  await execa("qemu-img", ["convert", "-U", "-O", "qcow2", disk, join(labs.directory, "used.qcow2")]);
  expect(await labs.run(["destroy", "--yes"])).toMatchObject({ exitCode: 0 });
  expect((await labs.run(["images", "check", "./used.qcow2"])).stdout).toMatch(/cured +instance-id/);
  expect(await labs.run(["images", "prepare", "used.qcow2", "--out", "base.qcow2", "--remove-network-files"])).toMatchObject({
    exitCode: 0,
  });

  await apply({
    lab: "clones",
    images: { base: { path: "./base.qcow2" } },
    networks: { front: { mode: "nat", cidr: "10.79.21.0/24" }, wire: { mode: "none", cidr: "10.79.22.0/24" } },
    defaults: { ...guest, image: "base" },
    sandboxes: { one, two },
  });
  const [first, second] = [await identityOf(labs, "one"), await identityOf(labs, "two")];
  expect(new Set([used, first, second].map(({ machine }) => machine)).size).toBe(3);
  expect(new Set([used, first, second].map(({ hostKeys }) => hostKeys)).size).toBe(3);
  // Nothing of the former instance is left.
  expect([first.instances, second.instances]).toEqual([first.instance, second.instance]);
  expect([first.instance, second.instance]).toEqual([expect.stringMatching(/^clones-one-/), expect.stringMatching(/^clones-two-/)]);
  const facts = {
    hostname: "hostname -f",
    // Commands ran anew; what the former machine had on its disk is there.
    ran: "cat /var/lib/ran",
    status: "cloud-init status | head -n 1",
    hostKeys: "ls /etc/ssh/ssh_host_*_key",
  };
  const same = { status: "status: done", hostKeys: "/etc/ssh/ssh_host_ed25519_key" };
  expect(await ask(labs, "one", facts)).toEqual({ ...same, hostname: "one.front.clones.test", ran: "cured\none" });
  expect(await ask(labs, "two", facts)).toEqual({ ...same, hostname: "two.front.clones.test", ran: "cured\ntwo" });
});

test.skipIf(skip)(
  "MTU, VLAN, IPv6 and routes are in effect, from a networkConfig and from the lab's NICs, and the clones reach each other by them",
  async () => {
    const facts = (other: number): Record<string, string> => ({
      mtu: "cat /sys/class/net/wire/mtu",
      vlan: "ip -d link show wire.42 | grep -o 'vlan protocol 802.1Q id 42'",
      addresses: "ip -br -4 addr show wire.42 | awk '{print $3}'; ip -br -6 addr show wire | grep -o 'fd79[^ ]*'",
      route: "ip route show 10.88.0.0/16 | awk '{print $1, $3, $5}'",
      overVlan: `ping -c 1 -W 10 10.42.0.${other} >/dev/null && echo answers`,
      overIpv6: `ping -c 1 -W 10 fd79::${other} >/dev/null && echo answers`,
      // The largest packet that fits, and one byte more.
      fits: `ping -c 1 -W 10 -M do -s 1372 10.79.22.${other} >/dev/null && echo answers`,
      tooLong: `ping -c 1 -W 1 -M do -s 1373 10.79.22.${other} 2>&1 | grep -o 'message too long'`,
    });
    const same = {
      mtu: "1400",
      vlan: "vlan protocol 802.1Q id 42",
      route: "10.88.0.0/16 10.79.22.9 wire",
      overVlan: "answers",
      overIpv6: "answers",
      fits: "answers",
      tooLong: "message too long",
    };
    expect(await ask(labs, "one", facts(2))).toEqual({ ...same, addresses: "10.42.0.1/24\nfd79::1/64" });
    expect(await ask(labs, "two", facts(1))).toEqual({ ...same, addresses: "10.42.0.2/24\nfd79::2/64" });
  },
);

test.skipIf(skip)("destroy leaves nothing", async () => {
  expect(await labs.run(["destroy", "--yes"])).toMatchObject({ exitCode: 0 });
  expect(await labs.count()).toEqual(nothingLeft);
});
