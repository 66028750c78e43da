import type { Cidr } from "../units/cidr.ts";
import { blockOf } from "./read/interfaces.ts";
import type { KnownNetwork, Link, World } from "./world.ts";

/** Addresses that something on the host has. */
export interface Claim {
  readonly block: Cidr;
  /** What has them, as the end of a sentence: `interface docker0 (Docker) has 172.17.0.1/16`. */
  readonly by: string;
  /** False for what only exists on paper until somebody starts it, and is nobody's lab. */
  readonly isLive: boolean;
  /** True for a wide route or interface: a smaller block inside of it only hides that part of it from the host. */
  readonly isWide: boolean;
}

/** From here on a block is so large that whoever has it hardly uses all of it: a company's whole network behind a VPN. */
const widePrefix = 15;

/** All blocks of addresses on a host, IPv4, most telling first: networks, then interfaces, then routes. An interface's own route is not told again. */
export function claimsOf({ networks, links, routes }: World): Claim[] {
  const claims: Claim[] = [];
  const told = new Set<string>();
  const add = (text: string, by: string, isLive: boolean, device?: string): void => {
    const block = blockOf(text);
    if (block === undefined || block.prefix === 0) return;
    if (device !== undefined) {
      const key = `${device} ${block.toString()}`;
      if (told.has(key)) return;
      told.add(key);
    }
    claims.push({ block, by, isLive, isWide: block.prefix <= widePrefix });
  };
  for (const network of networks) {
    for (const block of network.blocks)
      add(block, `${describeNetwork(network)} has ${blockText(block)}`, network.active || network.owner !== undefined, network.bridge);
  }
  for (const link of links) {
    const maker = makerOf(link);
    for (const address of link.addresses)
      add(address, `interface ${link.name}${maker === undefined ? "" : ` (${maker})`} has ${address}`, true, link.name);
  }
  for (const { block, device, via, table, type } of routes) {
    const link = links.find(({ name }) => name === device);
    const maker = link && makerOf(link);
    const way =
      type === "unicast"
        ? [device && ` on ${device}${maker === undefined ? "" : ` (${maker})`}`, via && ` via ${via}`].join("")
        : ` (${type})`;
    add(block, `there is a route to ${block}${way}${table === "main" ? "" : ` in table ${table}`}`, true, device);
  }
  return claims;
}

function blockText(address: string): string {
  return blockOf(address)?.toString() ?? address;
}

function describeNetwork({ name, by, owner, active }: KnownNetwork): string {
  const off = active ? "" : ", which is not active,";
  if (owner) return `network "${owner.name}" of lab "${owner.lab}" (deployment ${owner.deployment})${off}`;
  return `${by}'s network "${name}"${off}`;
}

/** Who makes interfaces of such names or kinds. */
const makers: readonly (readonly [pattern: RegExp, maker: string])[] = [
  [/^docker\d+$|^br-[0-9a-f]{12}$|^docker_gwbridge$/, "Docker"],
  [/^podman\d+$|^cni-podman\d+$/, "Podman"],
  [/^virbr\d+$/, "libvirt"],
  [/^vboxnet\d+$/, "VirtualBox"],
  [/^(lxcbr|lxdbr|incusbr)\d+$/, "LXC"],
  [/^vmnet\d+$/, "VMware"],
  [/^(cni|flannel|cilium|kube|cali)/, "Kubernetes"],
  [/^(tun|tap|wg|ppp|tailscale|zt|nordlynx|vpn|utun|gpd|cscotun|ipsec|nebula)/, "VPN"],
];

function makerOf({ name, kind }: Link): string | undefined {
  const known = makers.find(([pattern]) => pattern.test(name))?.[1];
  return known ?? (kind === "wireguard" || kind === "tun" || kind === "ppp" || kind === "xfrm" ? "VPN" : undefined);
}
