import type { Interface } from "./interface.ts";

export type Renderer = "netplan" | "networkd" | "sysconfig" | "network-manager" | "eni";
export type SeedKind = "nocloud" | "configdrive";

/** What a renderer makes of a declaration by itself. docs/guest-network.md tells all of them. */
export interface Difference {
  /** As in the docs. */
  readonly says: string;
  readonly where: Readonly<Partial<Record<SeedKind, readonly Renderer[]>>>;
  /** The first release of cloud-init that was seen without it, of those tried: 22.4, 23.4, 24.1, 24.4, 25.1, 25.3, 26.1. @default - none yet */
  readonly gone?: string;
  /** The first of them that was seen with it. @default - all */
  readonly since?: string;
  /**
   * @param declared as declared, with the changes before this one
   * @param all every interface of the form, as declared
   */
  readonly change: (declared: Interface, all: readonly Interface[]) => Partial<Interface>;
}

const nothing: Partial<Interface> = {};
const isFixed6 = (address: string): boolean => address.includes(":");
const hasIpv4 = ({ dhcp4, addresses }: Interface): boolean => dhcp4 || addresses.some((address) => !isFixed6(address));
const isSlaac = ({ ra, dhcp6 }: Interface): boolean => ra === "taken" && !dhcp6;
const withoutMetric = (routes: readonly string[]): string[] => routes.map((route) => route.replace(/ metric \d+$/, ""));

export const differences: readonly Difference[] = [
  {
    says: "DHCP's client id is the guest's own choice, mostly from /etc/machine-id",
    where: {
      nocloud: ["networkd", "sysconfig", "network-manager", "eni"],
      configdrive: ["netplan", "networkd", "sysconfig", "network-manager", "eni"],
    },
    change: () => ({ clientId: "unsaid" }),
  },
  {
    says: "routes that DHCP tells are taken, others are preferred by their metric",
    where: { nocloud: ["eni"], configdrive: ["eni"] },
    change: ({ dhcpRoutes }) => (dhcpRoutes === "left" ? { dhcpRoutes: "last" } : nothing),
  },
  {
    says: "routes that DHCP tells are taken, others are preferred by their metric; none are taken by any NIC where another has a fixed default route",
    where: { nocloud: ["sysconfig"], configdrive: ["sysconfig"] },
    change: ({ name, dhcpRoutes }, all) =>
      all.some((other) => other.name !== name && other.routes.some((route) => route.startsWith("0.0.0.0/0 ")))
        ? { dhcpRoutes: "left" }
        : dhcpRoutes === "left"
          ? { dhcpRoutes: "last" }
          : nothing,
  },
  {
    says: "routes that DHCP tells are taken",
    where: { nocloud: ["network-manager"], configdrive: ["networkd", "network-manager"] },
    change: ({ dhcpRoutes }) => (dhcpRoutes === "left" ? { dhcpRoutes: "taken" } : nothing),
  },
  {
    says: "routes that DHCP tells are taken",
    where: { configdrive: ["netplan"] },
    gone: "25.3",
    change: ({ dhcpRoutes }) => (dhcpRoutes === "left" ? { dhcpRoutes: "taken" } : nothing),
  },
  {
    says: "routes that DHCP tells are taken, others are preferred by their metric",
    where: { configdrive: ["netplan"] },
    since: "25.3",
    change: ({ dhcpRoutes }) => (dhcpRoutes === "left" ? { dhcpRoutes: "last" } : nothing),
  },
  {
    says: "routes that DHCP tells a VLAN are taken",
    where: { nocloud: ["networkd"] },
    change: ({ vlan, dhcpRoutes }) => (vlan !== undefined && dhcpRoutes === "left" ? { dhcpRoutes: "taken" } : nothing),
  },
  {
    says: "name servers that DHCP tells are asked, too",
    where: {
      nocloud: ["sysconfig", "network-manager", "eni"],
      configdrive: ["netplan", "networkd", "sysconfig", "network-manager", "eni"],
    },
    change: () => ({ dhcpDns: true }),
  },
  {
    says: "name servers and domains of a NIC with nothing but DHCP are the whole system's",
    where: { nocloud: ["sysconfig"] },
    change: ({ dhcp4, addresses }) => (dhcp4 && addresses.length === 0 ? { nameservers: [], search: [] } : nothing),
  },
  {
    says: "name servers and domains of a NIC with nothing but DHCP are the whole system's",
    where: { nocloud: ["eni"] },
    gone: "25.3",
    change: ({ dhcp4, addresses }) => (dhcp4 && addresses.length === 0 ? { nameservers: [], search: [] } : nothing),
  },
  {
    says: "name servers of a NIC with DHCP are left out, and its domains, too, where it has nothing but DHCP",
    where: { nocloud: ["eni"] },
    since: "25.3",
    change: ({ dhcp4, addresses }) => (dhcp4 ? { nameservers: [], ...(addresses.length === 0 && { search: [] }) } : nothing),
  },
  {
    says: "domains of a NIC with DHCP are left out",
    where: { nocloud: ["eni"] },
    since: "26.1",
    change: ({ dhcp4 }) => (dhcp4 ? { search: [] } : nothing),
  },
  {
    says: "name servers and domains of a NIC with nothing but DHCP are left out",
    where: { nocloud: ["network-manager"] },
    gone: "24.1",
    change: ({ dhcp4, addresses }) => (dhcp4 && addresses.length === 0 ? { nameservers: [], search: [] } : nothing),
  },
  {
    says: "name servers and domains of a NIC with DHCP are left out",
    where: { configdrive: ["netplan", "networkd", "sysconfig"] },
    change: ({ dhcp4 }) => (dhcp4 ? { nameservers: [], search: [] } : nothing),
  },
  {
    says: "routes of a NIC with DHCP are left out",
    where: { configdrive: ["netplan"] },
    change: ({ dhcp4 }) => (dhcp4 ? { routes: [] } : nothing),
  },
  {
    says: "metrics of routes are left out",
    where: { nocloud: ["networkd", "sysconfig", "eni"] },
    gone: "23.4",
    change: ({ routes }) => ({ routes: withoutMetric(routes) }),
  },
  {
    says: "metrics of routes are left out",
    where: { nocloud: ["network-manager"], configdrive: ["network-manager"] },
    gone: "24.4",
    change: ({ routes }) => ({ routes: withoutMetric(routes) }),
  },
  {
    says: "a NIC without an IPv4 address asks for one",
    where: { nocloud: ["network-manager"] },
    change: (one) => (hasIpv4(one) ? nothing : { dhcp4: true }),
  },
  {
    says: "a NIC without an IPv4 address asks for one, unless it has SLAAC",
    where: { configdrive: ["network-manager"] },
    change: (one) => (hasIpv4(one) || isSlaac(one) ? nothing : { dhcp4: true }),
  },
  {
    says: "a NIC with nothing but SLAAC asks for an IPv4 address",
    where: { configdrive: ["network-manager"] },
    gone: "23.4",
    change: (one) => (hasIpv4(one) || !isSlaac(one) ? nothing : { dhcp4: true }),
  },
  {
    says: "IPv6 routes are left out where the NIC has IPv4, too",
    where: { nocloud: ["network-manager"] },
    gone: "24.1",
    change: ({ addresses, routes }) =>
      addresses.some((address) => !isFixed6(address)) ? { routes: routes.filter((route) => !isFixed6(route)) } : nothing,
  },
  {
    says: "SLAAC is what the guest does by itself",
    where: { nocloud: ["network-manager"], configdrive: ["networkd"] },
    change: (one) => (isSlaac(one) ? { ra: "unsaid" } : nothing),
  },
  {
    says: "SLAAC is what the guest does by itself",
    where: { nocloud: ["networkd"] },
    gone: "24.4",
    change: (one) => (isSlaac(one) ? { ra: "unsaid" } : nothing),
  },
  {
    says: "SLAAC of a NIC that has nothing else is what the guest does by itself",
    where: { nocloud: ["eni"] },
    change: ({ ra, dhcp4, dhcp6, addresses }) =>
      ra === "taken" && !dhcp4 && !dhcp6 && addresses.length === 0 ? { ra: "unsaid" } : nothing,
  },
  {
    says: "SLAAC asks a DHCPv6 server, too",
    where: { configdrive: ["netplan"] },
    change: ({ ra, dhcp6 }) => (ra === "taken" && !dhcp6 ? { dhcp6: true, ra: "unsaid" } : nothing),
  },
  {
    says: "SLAAC and DHCPv6 are one setting, which does both",
    where: { configdrive: ["network-manager"] },
    change: ({ ra }) => (ra === "taken" ? { dhcp6: true } : nothing),
  },
  {
    says: "with a fixed IPv6 address the guest asks for others, too",
    where: { configdrive: ["network-manager"] },
    gone: "23.4",
    change: ({ addresses }) => (addresses.some(isFixed6) ? { ra: "taken", dhcp6: true } : nothing),
  },
  {
    says: "with a fixed IPv6 address the announcements of routers are refused",
    where: { nocloud: ["sysconfig"], configdrive: ["netplan", "sysconfig"] },
    change: ({ addresses }) => (addresses.some(isFixed6) ? { ra: "refused" } : nothing),
  },
  {
    says: "with a fixed IPv6 address the announcements of routers are refused",
    where: { configdrive: ["networkd"] },
    since: "24.4",
    change: ({ addresses }) => (addresses.some(isFixed6) ? { ra: "refused" } : nothing),
  },
  {
    says: "with a fixed IPv6 address, and no fixed IPv4 one, the announcements of routers are refused",
    where: { configdrive: ["eni"] },
    change: ({ addresses }) => (addresses.every(isFixed6) && addresses.length > 0 ? { ra: "refused" } : nothing),
  },
  {
    says: "the packet size of a VLAN is left out",
    where: { nocloud: ["network-manager"], configdrive: ["network-manager"] },
    change: ({ vlan }) => (vlan === undefined ? nothing : { mtu: undefined }),
  },
  {
    says: "VLANs are not made",
    where: { nocloud: ["networkd"] },
    gone: "25.3",
    change: () => ({ vlan: undefined }),
  },
  {
    says: "VLANs are not made",
    where: { configdrive: ["networkd"] },
    gone: "26.1",
    change: () => ({ vlan: undefined }),
  },
];

/** What a renderer of that release will make of an interface. */
export function expected(
  declared: Interface,
  all: readonly Interface[],
  { seed, renderer, version }: { readonly seed: SeedKind; readonly renderer: Renderer; readonly version: string },
): Interface {
  return differences
    .filter((difference) => isThere(difference, version) && difference.where[seed]?.includes(renderer) === true)
    .reduce((found, { change }) => ({ ...found, ...change(found, all) }), declared);
}

export function isThere({ gone, since }: Difference, version: string): boolean {
  const isBefore = (release: string): boolean => version.localeCompare(release, "en", { numeric: true }) < 0;
  return (gone === undefined || isBefore(gone)) && (since === undefined || !isBefore(since));
}
