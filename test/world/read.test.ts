import { expect, test } from "vitest";
import { checkWorld } from "../../lib/world/check-world.ts";
import { verdictOf, type Packet } from "../../lib/world/firewall.ts";
import { readContainerNetwork } from "../../lib/world/read/container-networks.ts";
import { readRoutes } from "../../lib/world/read/interfaces.ts";
import { readIptablesSave } from "../../lib/world/read/iptables-legacy.ts";
import { readSockets } from "../../lib/world/read/kernel-files.ts";
import { readNetworkdFiles } from "../../lib/world/read/network-files.ts";
import { readHostOnlyBlocks } from "../../lib/world/read/settings-files.ts";
import { labWith, worldWith } from "./value.ts";

const packet: Packet = { inbound: "trm-a", outbound: "eth0", source: "10.20.0.2", destination: "192.0.2.1", protocol: "tcp", port: 443 };
const forwardOf = (rules: string, policy = "DROP"): string => {
  const chains = readIptablesSave(`*filter\n:FORWARD ${policy} [0:0]\n:MORE - [0:0]\n${rules}\nCOMMIT\n`);
  const chain = chains.find(({ name }) => name === "FORWARD");
  return chain ? verdictOf({ chains }, chain, packet) : "";
};

test("iptables' rules are followed as the kernel follows them", () => {
  expect(forwardOf("")).toBe("drop");
  expect(forwardOf("-A FORWARD -i trm-+ -j ACCEPT")).toBe("accept");
  expect(forwardOf("-A FORWARD ! -i trm-+ -j ACCEPT")).toBe("drop");
  expect(forwardOf("-A FORWARD -s 10.20.0.0/24 -p tcp -m tcp --dport 80:443 -j ACCEPT")).toBe("accept");
  expect(forwardOf("-A FORWARD -p udp -j ACCEPT")).toBe("drop");
  expect(forwardOf("-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT")).toBe("drop");
  expect(forwardOf('-A FORWARD -m comment --comment "a -j DROP" -i trm-a -j MORE\n-A MORE -j ACCEPT')).toBe("accept");
  expect(forwardOf("-A FORWARD -j MORE\n-A MORE -i trm-a -j RETURN\n-A MORE -j DROP", "ACCEPT")).toBe("accept");
  expect(forwardOf("-A FORWARD -j REJECT --reject-with icmp-host-prohibited", "ACCEPT")).toBe("drop");
  // A condition that is not understood decides nothing.
  expect(forwardOf("-A FORWARD -m recent --update --seconds 60 --name x --rsource -j DROP", "ACCEPT")).toBe("accept");
});

test("a bridged network's packets are dropped by Docker's policy where bridges are filtered", () => {
  const lab = labWith({ lan: { mode: "bridged", bridge: "br0" } });
  const chains = readIptablesSave(":FORWARD DROP [0:0]\n:DOCKER-USER - [0:0]\n-A FORWARD -j DOCKER-USER");
  const world = worldWith({ firewall: { chains, libvirt: "iptables-legacy" } });
  expect(checkWorld(lab, world)).toEqual([]);
  const filtered = checkWorld(lab, { ...world, forwarding: { ...world.forwarding, bridgeFiltered: true } });
  expect(filtered).toMatchObject([{ code: "FIREWALL_DROPS", summary: expect.stringContaining('in "lan" send to each other') as string }]);
  expect(filtered[0]?.nextStep).toContain("sudo iptables-legacy -I DOCKER-USER -i br0 -j ACCEPT");
});

test("routes of the host's own addresses and default routes are left out", () => {
  const printed = [
    { dst: "default", gateway: "192.168.1.1", dev: "eth0" },
    { dst: "10.8.0.5", dev: "tun0", table: "vpn" },
    { type: "blackhole", dst: "10.9.0.0/16" },
    { type: "local", dst: "192.168.1.7", dev: "eth0", table: "local" },
  ];
  expect(readRoutes(JSON.stringify(printed))).toEqual({
    uplink: "eth0",
    routes: [
      { block: "10.8.0.5/32", device: "tun0", table: "vpn", type: "unicast" },
      { block: "10.9.0.0/16", table: "main", type: "blackhole" },
    ],
  });
});

test("sockets are told with IPv6 addresses, those of IPv4 in IPv6's form, and each once", () => {
  const line = (local: string, state: string): string => `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000`;
  const head = "  sl  local_address rem_address   st";
  const files = new Map([
    ["/proc/net/tcp", [head, line("0100007F:1F90", "0A"), line("0100007F:1F91", "01")]],
    [
      "/proc/net/tcp6",
      [
        head,
        line("00000000000000000000000000000000:0016", "0A"),
        line("0000000000000000FFFF00000100007F:1F90", "0A"),
        line("000000FD000000000000000001000000:0050", "0A"),
      ],
    ],
  ]);
  expect(readSockets(files)).toEqual([
    { protocol: "tcp", address: "127.0.0.1", port: 8080 },
    { protocol: "tcp", address: "::", port: 22 },
    { protocol: "tcp", address: "fd00:0:0:0:0:0:0:1", port: 80 },
  ]);
});

test("files of systemd-networkd count by name, the first folder's hide others, and those for other kinds do not count", () => {
  const files = [
    { path: "/etc/systemd/network/20-lan.network", text: "[Match]\nName=en* !enp0s3\n[Network]\nDHCP=yes" },
    { path: "/etc/systemd/network/10-bridges.network", text: "# all of them\n[Match]\nKind=bridge" },
    { path: "/etc/systemd/network/10-bridges.netdev", text: "[NetDev]\nName=br0" },
    { path: "/usr/lib/systemd/network/20-lan.network", text: "[Match]\nName=*" },
    { path: "/usr/lib/systemd/network/80-wifi.network", text: "[Match]\nType=wlan" },
    { path: "/usr/lib/systemd/network/80-one.network", text: "[Match]\nMACAddress=02:00:00:00:00:01" },
  ];
  expect(readNetworkdFiles(files)).toEqual([
    { service: "systemd-networkd", file: "/etc/systemd/network/10-bridges.network", names: ["*"], unmanaged: false },
    { service: "systemd-networkd", file: "/etc/systemd/network/20-lan.network", names: ["en*", "!enp0s3"], unmanaged: false },
  ]);
});

test("networks of CNI's form are read, and what is no network is not", () => {
  const list = {
    cniVersion: "0.4.0",
    name: "podman",
    plugins: [{ type: "bridge", bridge: "cni-podman0", ipam: { ranges: [[{ subnet: "10.88.0.0/16" }]] } }],
  };
  expect(readContainerNetwork(JSON.stringify(list))).toMatchObject({ name: "podman", bridge: "cni-podman0", blocks: ["10.88.0.0/16"] });
  expect(readContainerNetwork("#!/bin/sh")).toBeUndefined();
});

test("host-only interfaces outside of what networks.conf allows are told with the line that is missing", () => {
  const vboxnet = worldWith({
    links: [{ name: "vboxnet0", addresses: ["10.9.0.1/24"] }],
    hostOnlyBlocks: readHostOnlyBlocks("# comment\n* 192.168.56.0/21 10.1.0.0/16\n* fd00::/8\n"),
  });
  const lab = labWith({ lan: { mode: "bridged", interface: "vboxnet0", cidr: "10.9.0.0/24" } }, { hypervisor: "virtualbox" });
  expect(checkWorld(lab, vboxnet).filter(({ code }) => code === "HOST_ONLY_RANGE")).toMatchObject([
    { path: ["networks", "lan", "cidr"], nextStep: expect.stringContaining("within 192.168.56.0/21") as string },
    { nextStep: expect.stringContaining("`* 10.9.0.0/24`") as string },
  ]);
  const inside = labWith({ lan: { mode: "bridged", interface: "vboxnet0", cidr: "192.168.57.0/24" } }, { hypervisor: "virtualbox" });
  expect(checkWorld(inside, { ...vboxnet, links: [] })).toEqual([]);
  expect(readHostOnlyBlocks("* 0.0.0.0/0 ::/0")).toBeUndefined();
});
