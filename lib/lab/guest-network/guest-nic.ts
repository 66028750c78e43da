import type { LabRoute } from "../lab.ts";
import type { Path } from "../path.ts";

/** What an interface says to the guest, as written and read, and nothing that was not written. */
export interface GuestInterface {
  /** Where it stands. */
  readonly path: Path;
  readonly defaultRoute?: boolean;
  readonly gateway?: string;
  readonly nameservers?: readonly string[];
  readonly search?: readonly string[];
  readonly routes?: readonly LabRoute[];
  readonly mtu?: number;
  /** `slaac`, `dhcp`, or an address with its prefix. */
  readonly ipv6?: string;
}

export interface GuestVlan extends GuestInterface {
  readonly id: number;
  readonly dhcp?: boolean;
  /** With its prefix. */
  readonly address?: string;
}

export interface GuestNic extends GuestInterface {
  /** The first key that was written: where diagnostics about all of them point. */
  readonly firstKey: string;
  readonly dhcp?: boolean;
  readonly vlans?: readonly GuestVlan[];
}

/** An IPv4 route to everywhere. */
export const everywhere = "0.0.0.0/0";

/** True for an interface that asks for the default route (IPv4) in its own words; a route with a metric leaves the choice to the guest. */
export function takesDefaultRoute({ defaultRoute, gateway, routes = [] }: GuestInterface): boolean {
  return defaultRoute === true || gateway !== undefined || hasDefaultRoute(routes);
}

export function hasDefaultRoute(routes: readonly LabRoute[]): boolean {
  return routes.some(({ to, metric }) => to === everywhere && metric === undefined);
}
