/** An interface as a program in the guest will set it up: what every reader here finds in its format, and what a form declares. */
export interface Interface {
  readonly name: string;
  /** By which its card is found; VLANs have none. */
  readonly mac?: string;
  /** `100 on back` */
  readonly vlan?: string;
  readonly dhcp4: boolean;
  readonly dhcp6: boolean;
  /** What is done with announcements of IPv6 routers. */
  readonly ra: "taken" | "refused" | "unsaid";
  /** With prefix, sorted. */
  readonly addresses: readonly string[];
  /** `10.99.0.0/16 via 10.22.0.9 metric 50`, sorted; everywhere is `0.0.0.0/0` and `::/0`. */
  readonly routes: readonly string[];
  readonly nameservers: readonly string[];
  readonly search: readonly string[];
  readonly mtu?: number;
  /** Routes that DHCP tells; `last`: others are preferred. */
  readonly dhcpRoutes: "taken" | "last" | "left";
  /** Name servers that DHCP tells. */
  readonly dhcpDns: boolean;
  readonly clientId: "mac" | "unsaid";
}

/** What all interfaces share. */
export interface Network {
  readonly interfaces: readonly Interface[];
  /** Name servers and domains of the whole system. */
  readonly everywhere: { readonly nameservers: readonly string[]; readonly search: readonly string[] };
}

/** An interface that says nothing but its name. */
export function silent(name: string): Interface {
  return {
    ...{ name, dhcp4: false, dhcp6: false, ra: "unsaid", addresses: [], routes: [], nameservers: [], search: [] },
    ...{ dhcpRoutes: "taken", dhcpDns: true, clientId: "unsaid" },
  };
}

/** Sorted, `default` and both halves of IPv6 as what they are; what only DHCP could tell is nothing without it. */
export function tidy(found: Interface): Interface {
  const routes = found.routes.map((route) =>
    route.replace(/^default via (?=[^ ]*:)/, "::/0 via ").replace(/^default via /, "0.0.0.0/0 via "),
  );
  const halves = routes.filter((route) => route.startsWith("::/1 ") && routes.includes(`8000${route}`));
  const whole = halves.map((route) => route.replace("::/1 ", "::/0 "));
  const others = routes.filter((route) => !halves.includes(route) && !halves.includes(route.replace(/^8000/, "")));
  return {
    ...found,
    ...(found.mac !== undefined && { mac: found.mac.toLowerCase() }),
    addresses: found.addresses.toSorted(),
    routes: [...new Set([...others, ...whole])].toSorted(),
    nameservers: [...new Set(found.nameservers)].toSorted(),
    search: [...new Set(found.search)].toSorted(),
    ...(!found.dhcp4 && { dhcpRoutes: "taken", dhcpDns: true, clientId: "unsaid" }),
  };
}

export function route(to: string, via: string, metric?: string | number): string {
  return `${to} via ${via}${metric === undefined ? "" : ` metric ${metric}`}`;
}

export function prefixOf(netmask: string): number {
  return netmask.split(".").reduce((bits, part) => bits + Number(part).toString(2).replaceAll("0", "").length, 0);
}

export function words(text: string | undefined): string[] {
  return (text ?? "").split(/[\s;]+/).filter((word) => word !== "");
}
