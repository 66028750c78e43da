import type { SeedInterface, SeedRoute } from "./seed-intent.ts";

/** Metric of DHCP's routes where the default route leads elsewhere: renderers that cannot leave them out prefer others then. */
export const lastResort = 1000;

/**
 * All routes of an interface, in the only forms that every renderer of cloud-init gets right:
 *
 * - Everywhere is `0.0.0.0/0`, not `default`: with that word cloud-init 22 (Debian 12) fails in every renderer but netplan's.
 * - Everywhere in IPv6 is two halves, `::/1` and `8000::/1`: cloud-init 22 makes `::/64` of `::/0` in every renderer but netplan's.
 */
export function interfaceRoutes({ addressing, gateway, defaultRoute, routes = [] }: SeedInterface): SeedRoute[] {
  // DHCP tells the gateway by itself.
  const byGateway =
    addressing === "static" && gateway !== undefined && defaultRoute
      ? [{ to: gateway.includes(":") ? "::/0" : "0.0.0.0/0", via: gateway }]
      : [];
  return [...byGateway, ...routes].flatMap((route) =>
    route.to === "::/0" ? ["::/1", "8000::/1"].map((to) => ({ ...route, to })) : [route],
  );
}
