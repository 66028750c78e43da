import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Diagnostic } from "../../../../lib/diagnostics/diagnostic.ts";
import type { Lab } from "../../../../lib/lab/lab.ts";
import { normalizeLab } from "../../../../lib/lab/normalize-lab.ts";
import { chooseOverlay } from "../../../../lib/deploy/relocate.ts";
import { checkWorld } from "../../../../lib/world/check-world.ts";
import { readWorld } from "../../../../lib/world/read-world.ts";
import { makeScene, withFiles, type Scene } from "./scene.ts";

const why = process.getuid?.() === 0 ? undefined : "network namespaces are made by root only";

const lab = normalizeLab({
  lab: "shop",
  images: { base: { bootstrap: { suite: "bookworm" } } },
  defaults: { image: "base" },
  networks: { front: { cidr: "10.20.0.0/24" }, back: { mode: "isolated", cidr: "10.30.0.0/24" } },
  sandboxes: { web: { networks: ["front", "back"] }, db: { networks: ["back"] } },
}).value?.lab as Lab;
const bridge = lab.networks["local/front"]?.bridge ?? "";

let scene: Scene;
beforeEach(async () => {
  if (why === undefined) scene = await makeScene();
});
afterEach(async () => {
  if (why === undefined) await scene.remove();
});

/** An interface with somebody at the other end: not every kernel has dummy ones. */
const wire = async (name: string, address: string): Promise<void> => {
  await scene.inside("ip", "link", "add", name, "type", "veth", "peer", "name", "peer0");
  await scene.inside("ip", "address", "add", address, "dev", name);
  for (const end of [name, "peer0"]) await scene.inside("ip", "link", "set", end, "up");
};
const only = (found: readonly Diagnostic[]): Diagnostic => {
  expect(found.map(({ code }) => code)).toHaveLength(1);
  return found[0] as Diagnostic;
};

test.skipIf(why)("a host with nothing in the way has nothing to say, and is read in full", async () => {
  await wire("eth0", "192.168.1.10/24");
  await scene.inside("ip", "route", "add", "default", "via", "192.168.1.1");
  expect(await scene.check(lab)).toEqual([]);
  expect(await scene.read()).toMatchObject({
    uplink: "eth0",
    unread: [],
    links: [{ name: "lo" }, { name: "peer0", kind: "veth" }, { name: "eth0", addresses: ["192.168.1.10/24"] }],
  });
});

test.skipIf(why)("an interface in the same block", async () => {
  await wire("eth0", "10.20.0.7/16");
  expect(only(await scene.check(lab))).toMatchObject({
    code: "ADDRESSES_TAKEN",
    severity: "error",
    path: ["networks", "front", "cidr"],
    summary: expect.stringMatching(
      /^network "front" \(10\.20\.0\.0\/24\) overlaps what host "local" has: interface eth0 has 10\.20\.0\.7\/16; the next free block is 10\.\d+\.\d+\.0\/24$/,
    ) as string,
    nextStep: expect.stringMatching(/--relocate.* or write `cidr: 10\./) as string,
  });
});

test.skipIf(why)("a route, in whatever table, to a part of the block", async () => {
  await wire("eth0", "192.168.1.10/24");
  await scene.inside("ip", "route", "add", "10.20.0.128/25", "via", "192.168.1.1", "table", "52");
  const { code, severity, summary } = only(await scene.check(lab));
  expect({ code, severity }).toEqual({ code: "ADDRESSES_TAKEN", severity: "error" });
  expect(summary).toContain("there is a route to 10.20.0.128/25 on eth0 via 192.168.1.1 in table 52");
});

test.skipIf(why)("a VPN's narrow route is an error, and one to a company's whole network a warning", async () => {
  await scene.inside("ip", "tuntap", "add", "tun0", "mode", "tun");
  await scene.inside("ip", "address", "add", "172.30.9.2/32", "dev", "tun0");
  await scene.inside("ip", "link", "set", "tun0", "up");
  await scene.inside("ip", "route", "add", "10.16.0.0/12", "dev", "tun0");
  const wide = await scene.check(lab);
  expect(wide.map(({ code, severity }) => ({ code, severity }))).toEqual([
    { code: "ADDRESSES_TAKEN", severity: "warning" },
    { code: "ADDRESSES_TAKEN", severity: "warning" },
  ]);
  expect(wide[0]?.summary).toContain("there is a route to 10.16.0.0/12 on tun0 (VPN)");
  await scene.inside("ip", "route", "add", "10.20.0.0/16", "dev", "tun0");
  expect((await scene.check(lab)).map(({ severity }) => severity)).toContain("error");
});

test.skipIf(why)("Docker's bridge, also without a container in it", async () => {
  await scene.inside("ip", "link", "add", "br-0123456789ab", "type", "bridge");
  await scene.inside("ip", "address", "add", "10.30.0.1/24", "dev", "br-0123456789ab");
  const { severity, summary } = only(await scene.check(lab));
  expect(severity).toBe("error");
  expect(summary).toContain('network "back" (10.30.0.0/24)');
  expect(summary).toContain("interface br-0123456789ab (Docker) has 10.30.0.1/24");
});

test.skipIf(why)("Podman's network that no container is in yet: there is no interface, only a file", async () => {
  const file = { name: "web", driver: "bridge", network_interface: "podman3", subnets: [{ subnet: "10.30.0.0/24", gateway: "10.30.0.1" }] };
  await withFiles({ "/etc/containers/networks/web.json": JSON.stringify(file) }, async (root) => {
    const found = await insideOf(root);
    expect(found).toMatchObject({ networks: [{ name: "web", by: "Podman", active: false, blocks: ["10.30.0.0/24"] }] });
    const { severity, summary } = only(await checkFiles(root));
    expect(severity).toBe("warning");
    expect(summary).toContain(`Podman's network "web", which is not active, has 10.30.0.0/24`);
  });
});

test.skipIf(why)("a bridge name that another interface has", async () => {
  await wire(bridge, "192.168.7.1/24");
  expect(only(await scene.check(lab))).toMatchObject({
    code: "BRIDGE_NAME_TAKEN",
    severity: "error",
    summary: expect.stringMatching(
      new RegExp(
        `"${bridge}", and host "local" has an interface of that name \\(veth interface with 192.168.7.1/24\\); the next free name is "trm-front-`,
      ),
    ) as string,
    nextStep: expect.stringContaining("--relocate") as string,
  });
});

test.skipIf(why)("forwarding that somebody switched off under a running network", async () => {
  await scene.inside("sysctl", "-qw", "net.ipv4.ip_forward=0");
  const other = { id: "1", name: "default", active: true, mode: "nat", bridge: "virbr0", addresses: ["192.168.122.1/24"] };
  expect(only(await scene.check(lab, { listNetworks: async () => [other] }))).toMatchObject({
    code: "FORWARDING_OFF",
    nextStep: "Run: sudo sysctl -w net.ipv4.ip_forward=1",
  });
  await scene.inside("sysctl", "-qw", "net.ipv4.ip_forward=1");
  expect(await scene.check(lab, { listNetworks: async () => [other] })).toEqual([]);
});

test.skipIf(why)("a file that switches forwarding off at the next boot, unless a later one switches it on", async () => {
  const off = { "/etc/sysctl.d/50-hardening.conf": "net.ipv4.ip_forward = 0\n" };
  await withFiles(off, async (root) => {
    expect(only(await checkFiles(root))).toMatchObject({
      code: "FORWARDING_OFF",
      nextStep: expect.stringContaining("50-hardening.conf") as string,
    });
  });
  await withFiles({ ...off, "/etc/sysctl.conf": "net.ipv4.ip_forward=1\n" }, async (root) => {
    expect(await checkFiles(root)).toEqual([]);
  });
});

test.skipIf(why)("nftables that drop what is forwarded, until they let the bridge through", async () => {
  await scene.inside("nft", "add", "table", "inet", "strict");
  await scene.inside("nft", "add", "chain", "inet", "strict", "forward", "{ type filter hook forward priority 0; policy drop; }");
  await scene.inside("nft", "add", "rule", "inet", "strict", "forward", "ct", "state", "established,related", "accept");
  const { code, summary, nextStep } = only(await scene.check(lab));
  expect({ code, summary }).toEqual({
    code: "FIREWALL_DROPS",
    summary: `nftables on host "local" drops what sandboxes in "front" send outside (chain forward of table inet strict, policy drop)`,
  });
  // What it names solves it.
  for (const command of nextStep?.replace(/^.*?: /, "").split("; ") ?? []) {
    const [, ...words] = command.split(" ");
    await scene.inside(...(words as [string, ...string[]]));
  }
  expect(await scene.check(lab)).toEqual([]);
});

test.skipIf(why)("nftables that drop what guests ask the host for", async () => {
  await scene.inside("nft", "add", "table", "inet", "strict");
  await scene.inside("nft", "add", "chain", "inet", "strict", "input", "{ type filter hook input priority 0; }");
  await scene.inside("nft", "add", "rule", "inet", "strict", "input", "iifname", "lo", "accept");
  await scene.inside("nft", "add", "rule", "inet", "strict", "input", "reject");
  const found = only(await scene.check(lab));
  expect(found.summary).toContain(`drops what sandboxes in "back", "front" ask the host for an address (chain input of table inet strict)`);
  await scene.inside("nft", "insert", "rule", "inet", "strict", "input", "udp", "dport", "{ 53, 67 }", "accept");
  expect(await scene.check(lab)).toEqual([]);
});

test.skipIf(why)(
  "Docker's FORWARD policy drops where libvirt has a table of its own, and not where it is first in the same chain",
  async () => {
    await scene.inside("iptables", "-N", "DOCKER-USER");
    await scene.inside("iptables", "-A", "FORWARD", "-j", "DOCKER-USER");
    await scene.inside("iptables", "-A", "FORWARD", "-m", "conntrack", "--ctstate", "RELATED,ESTABLISHED", "-j", "ACCEPT");
    await scene.inside("iptables", "-A", "FORWARD", "-i", "docker0", "-j", "ACCEPT");
    await scene.inside("iptables", "-P", "FORWARD", "DROP");
    const modern = only(await scene.check(lab, { libvirtVersion: async () => "11.3.0" }));
    expect(modern.summary).toContain("Docker on host");
    expect(modern.nextStep).toContain(`sudo iptables -I DOCKER-USER -i ${bridge} -j ACCEPT`);
    expect(await scene.check(lab, { libvirtVersion: async () => "9.0.0" })).toEqual([]);
    await scene.inside("iptables", "-I", "DOCKER-USER", "-i", bridge, "-j", "ACCEPT");
    expect(await scene.check(lab, { libvirtVersion: async () => "11.3.0" })).toEqual([]);
  },
);

test.skipIf(why)("iptables-legacy beside iptables-nft: what one lets through the other drops", async (context) => {
  try {
    await scene.inside("iptables-legacy", "-P", "FORWARD", "DROP");
  } catch (error) {
    context.skip(`this kernel has no legacy tables: ${String(error).split("\n")[1] ?? ""}`);
  }
  const { code, nextStep } = only(await scene.check(lab, { libvirtVersion: async () => "9.0.0" }));
  expect(code).toBe("FIREWALL_DROPS");
  expect(nextStep).toContain(`sudo iptables-legacy -I FORWARD -i ${bridge} -j ACCEPT`);
});

test.skipIf(why)("ufw and firewalld are named with their own commands", async () => {
  await scene.inside("iptables", "-N", "ufw-user-forward");
  await scene.inside("iptables", "-A", "FORWARD", "-j", "ufw-user-forward");
  await scene.inside("iptables", "-P", "FORWARD", "DROP");
  const ufw = only(await scene.check(lab, { libvirtVersion: async () => "11.3.0" }));
  expect(ufw.nextStep).toContain(`sudo ufw route allow in on ${bridge}`);
  await scene.inside("iptables", "-P", "FORWARD", "ACCEPT");
  await scene.inside("nft", "add", "table", "inet", "firewalld");
  await scene.inside(
    "nft",
    "add",
    "chain",
    "inet",
    "firewalld",
    "filter_FORWARD",
    "{ type filter hook forward priority 10; policy accept; }",
  );
  await scene.inside("nft", "add", "rule", "inet", "firewalld", "filter_FORWARD", "reject", "with", "icmpx", "type", "admin-prohibited");
  const firewalld = only(await scene.check(lab));
  expect(firewalld.summary).toContain("firewalld on host");
  expect(firewalld.nextStep).toContain(`firewall-cmd --permanent --zone=trusted --add-interface=${bridge}`);
});

test.skipIf(why)("a port of the machine that something listens on, TCP and UDP, and not one that the applied lab has", async () => {
  const [tcp, udp] = [createServer(), createSocket("udp4")];
  try {
    await once(tcp.listen(0, "127.0.0.1"), "listening");
    await once(udp.bind(0, "0.0.0.0"), "listening");
    const [tcpPort, udpPort] = [(tcp.address() as AddressInfo).port, udp.address().port];
    const forwarding = normalizeLab({
      lab: "shop",
      images: { base: { bootstrap: { suite: "bookworm" } } },
      defaults: { image: "base" },
      provider: "terrarium",
      sandboxes: {
        web: {
          forward: [
            { host: tcpPort, guest: 80 },
            { host: udpPort, guest: 53, protocol: "udp" },
            // The other protocol's port of that number is free.
            { host: udpPort, guest: 53 },
          ],
        },
      },
    }).value?.lab as Lab;
    const found = await scene.check(forwarding);
    expect(found.map(({ code, severity, path }) => `${severity} ${code} ${path?.join(".")}`)).toEqual(
      Array(2).fill("error PORT_TAKEN sandboxes.web.forward"),
    );
    expect(found[0]?.summary).toMatch(
      new RegExp(
        `^forward tcp-80 of sandbox "web" is to listen on 127.0.0.1 port ${tcpPort} .*listens on 127.0.0.1 port ${tcpPort}; the next free port is \\d+$`,
      ),
    );
    const world = await scene.read();
    expect(checkWorld(forwarding, world, "0123456789abcdef", forwarding)).toEqual([]);
    const overlay = chooseOverlay(forwarding, [world]);
    expect(Object.keys(overlay.forwards?.["web"] ?? {})).toEqual(["tcp-80", "udp-53"]);
  } finally {
    tcp.close();
    udp.close();
  }
});

test.skipIf(why)("systemd-networkd and NetworkManager that take hold of the bridge, until they are told not to", async () => {
  const networkd = { "/run/systemd/netif/state": "", "/etc/systemd/network/20-all.network": "[Match]\nName=*\n\n[Network]\nDHCP=yes\n" };
  await withFiles(networkd, async (root) => {
    const { code, summary } = only(await checkFiles(root));
    expect({ code, summary }).toEqual({
      code: "INTERFACE_GRABBED",
      summary: expect.stringMatching(
        /^systemd-networkd on host "local" takes hold of trm-back-.{5}, trm-front-.{5}: .*20-all.network is for every bridge$/,
      ) as string,
    });
  });
  const remedy = { "/etc/systemd/network/05-terrarium.network": "[Match]\nName=trm-*\n[Link]\nUnmanaged=yes\n" };
  await withFiles({ ...networkd, ...remedy }, async (root) => expect(await checkFiles(root)).toEqual([]));

  const manager = {
    "/run/NetworkManager/NetworkManager.pid": "",
    "/etc/NetworkManager/system-connections/lab.nmconnection": `[connection]\nid=lab\ntype=bridge\ninterface-name=${bridge}\n`,
  };
  await withFiles(manager, async (root) =>
    expect(only(await checkFiles(root)).summary).toContain(`NetworkManager on host "local" takes hold of ${bridge}`),
  );
  const left = { "/etc/NetworkManager/conf.d/terrarium.conf": "[keyfile]\nunmanaged-devices=interface-name:trm-*\n" };
  await withFiles({ ...manager, ...left }, async (root) => expect(await checkFiles(root)).toEqual([]));
});

test.skipIf(why)("looking takes less than 200 ms", async () => {
  for (let index = 0; index < 100; index++) await scene.inside("ip", "link", "add", `d${index}`, "type", "bridge");
  await scene.read();
  const times: number[] = [];
  for (let round = 0; round < 5; round++) {
    const before = performance.now();
    await scene.check(lab);
    times.push(performance.now() - before);
  }
  expect(Math.min(...times)).toBeLessThan(200);
});

/** Files are looked at only for this process's own network, whose interfaces and rules are the machine's: only what the files say is of interest. */
async function insideOf(root: string): ReturnType<typeof readWorld> {
  return await readWorld({ host: "local", hypervisor: "kvm", listNetworks: async () => [], root });
}

async function checkFiles(root: string): Promise<Diagnostic[]> {
  const { networks, networkFiles, forwarding, ...empty } = {
    ...(await insideOf(root)),
    links: [],
    routes: [],
    sockets: [],
    firewall: { chains: [] },
  };
  return checkWorld(lab, { ...empty, networks, networkFiles, forwarding: { ...forwarding, ipv4: true } });
}
