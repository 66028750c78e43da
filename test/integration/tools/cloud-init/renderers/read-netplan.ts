import { parse } from "yaml";
import { route, silent, tidy, type Interface, type Network } from "./interface.ts";

interface Device {
  readonly match?: { readonly macaddress?: string };
  readonly "set-name"?: string;
  readonly id?: number;
  readonly link?: string;
  readonly dhcp4?: boolean;
  readonly dhcp6?: boolean;
  readonly "accept-ra"?: boolean;
  readonly "dhcp-identifier"?: string;
  readonly "dhcp4-overrides"?: { readonly "use-routes"?: boolean; readonly "use-dns"?: boolean; readonly "route-metric"?: number };
  readonly addresses?: readonly string[];
  readonly gateway4?: string;
  readonly routes?: readonly { readonly to: string; readonly via: string; readonly metric?: number }[];
  readonly nameservers?: { readonly addresses?: readonly string[]; readonly search?: readonly string[] };
  readonly mtu?: number;
}

/** Source: netplan's reference of its YAML. */
export function readNetplan(files: Readonly<Record<string, string>>): Network {
  const { network } = parse(files["etc/netplan/50-cloud-init.yaml"] ?? "") as {
    network: { ethernets?: Record<string, Device>; vlans?: Record<string, Device> };
  };
  const devices = [...Object.entries(network.ethernets ?? {}), ...Object.entries(network.vlans ?? {})];
  return { interfaces: devices.map(([id, device]) => tidy(read(id, device))), everywhere: { nameservers: [], search: [] } };
}

function read(id: string, device: Device): Interface {
  const { match, dhcp4 = false, dhcp6 = false, addresses = [], gateway4, routes = [], nameservers = {}, mtu } = device;
  const { "use-routes": useRoutes = true, "use-dns": useDns = true, "route-metric": metric } = device["dhcp4-overrides"] ?? {};
  const acceptsRa = device["accept-ra"];
  return {
    ...silent(device["set-name"] ?? id),
    ...(match?.macaddress !== undefined && { mac: match.macaddress }),
    ...(device.id !== undefined && { vlan: `${device.id} on ${device.link ?? ""}` }),
    ...{ dhcp4, dhcp6, addresses, ra: acceptsRa === undefined ? "unsaid" : acceptsRa ? "taken" : "refused" },
    routes: [
      ...(gateway4 === undefined ? [] : [route("default", gateway4)]),
      ...routes.map(({ to, via, metric: own }) => route(to, via, own)),
    ],
    ...{ nameservers: nameservers.addresses ?? [], search: nameservers.search ?? [] },
    ...(mtu !== undefined && { mtu }),
    ...{
      dhcpRoutes: !useRoutes ? "left" : metric === undefined ? "taken" : "last",
      dhcpDns: useDns,
      clientId: device["dhcp-identifier"] === "mac" ? "mac" : "unsaid",
    },
  };
}
