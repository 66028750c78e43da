import type { LabNic, LabRoute, LabVlan } from "../lab.ts";
import { everywhere, hasDefaultRoute, type GuestInterface, type GuestNic, type GuestVlan } from "./guest-nic.ts";

/** How the guest comes to its default route through an interface. */
export interface WayOut {
  /** It is this interface that the default route leads through. */
  readonly leads: boolean;
  readonly addressing: LabNic["addressing"];
  /** The network's router, where it is known. */
  readonly gateway?: string;
}

type RouteKeys = Pick<LabNic, "gateway" | "defaultRoute" | "routes">;

/**
 * Gateway and routes of an interface. A gateway of its own under DHCP is a route: DHCP's is not taken then.
 */
export function routeKeys(guest: GuestInterface | undefined, { leads, addressing, gateway }: WayOut): RouteKeys {
  const { gateway: own, routes = [] } = guest ?? {};
  const asRoute: LabRoute[] = own !== undefined && addressing !== "static" ? [{ to: everywhere, via: own }] : [];
  const all = [...asRoute, ...routes];
  const told = !leads || hasDefaultRoute(all) ? {} : fromNetwork(addressing, own ?? gateway);
  return { ...told, ...(all.length > 0 && { routes: all }) };
}

/** What is known by itself: the network's gateway, or that DHCP will tell one. */
function fromNetwork(addressing: LabNic["addressing"], gateway: string | undefined): RouteKeys {
  if (gateway !== undefined) return { gateway };
  return addressing === "dhcp" ? { defaultRoute: true } : {};
}

/** What a NIC says to the guest beside address and routes; domains are searched after those of its network, a size of packets wins over the network's. */
export function guestNicKeys(
  guest: GuestNic | undefined,
  name: string,
  network: Pick<LabNic, "search" | "mtu">,
): Pick<LabNic, "nameservers" | "search" | "mtu" | "ipv6" | "vlans"> {
  if (guest === undefined) return network;
  const { vlans } = guest;
  const search = [...(network.search ?? []), ...(guest.search ?? [])];
  return {
    ...network,
    ...settings(guest),
    ...(search.length > 0 && { search: [...new Set(search)] }),
    ...(vlans !== undefined && { vlans: vlans.map((vlan) => labVlan(vlan, name)) }),
  };
}

export function vlanAddressing({ dhcp, address }: GuestVlan): LabVlan["addressing"] {
  return address !== undefined ? "static" : dhcp === false ? "none" : "dhcp";
}

function labVlan(vlan: GuestVlan, nic: string): LabVlan {
  const { id, address, defaultRoute } = vlan;
  const addressing = vlanAddressing(vlan);
  const leads = defaultRoute === true || vlan.gateway !== undefined;
  return {
    id,
    name: `${nic}.${id}`,
    addressing,
    ...(address !== undefined && { address }),
    ...routeKeys(vlan, { leads, addressing }),
    ...settings(vlan),
  };
}

function settings({ nameservers, search, mtu, ipv6 }: GuestInterface): Pick<LabVlan, "nameservers" | "search" | "mtu" | "ipv6"> {
  return {
    ...(nameservers !== undefined && { nameservers }),
    ...(search !== undefined && { search }),
    ...(mtu !== undefined && { mtu }),
    ...(ipv6 !== undefined && { ipv6 }),
  };
}
