import type { Construct } from "constructs";
import type { Expression, HostMeta } from "../host-resource.ts";
import { LibvirtResource } from "./resource.ts";

export interface LibvirtNetworkConfig {
  readonly name: Expression;
  readonly autostart: boolean;
  readonly metadata?: { readonly xml: Expression };
  /** `delay` is seconds of STP's forward delay, as text. */
  readonly bridge?: { readonly name: Expression; readonly stp?: "on" | "off"; readonly delay?: string };
  readonly mtu?: { readonly size: number };
  readonly dns?: {
    readonly forwarders?: readonly { readonly addr: string }[];
    readonly host?: readonly { readonly ip: string; readonly hostnames: readonly { readonly hostname: string }[] }[];
  };
  readonly domain?: { readonly name: Expression; readonly local_only: "yes" | "no" };
  /** Absent: isolated. */
  readonly forward?: {
    readonly mode: "nat" | "route" | "bridge";
    readonly interfaces?: readonly { readonly dev: string }[];
    readonly nat?: { readonly ports: readonly { readonly start: number; readonly end: number }[] };
  };
  readonly vlan?: { readonly tags: readonly { readonly id: number }[] };
  readonly virtual_port?: { readonly params: { readonly open_v_switch: object } };
  readonly ips?: readonly {
    readonly address: Expression;
    readonly netmask: Expression;
    readonly dhcp: { readonly hosts: readonly { readonly mac: string; readonly ip: string }[] };
  }[];
}

/** `libvirt_network`. Only `autostart` can be updated in 0.9.7; any other change must replace it. */
export class LibvirtNetwork extends LibvirtResource<LibvirtNetworkConfig> {
  constructor(scope: Construct, address: string, config: LibvirtNetworkConfig, meta: HostMeta) {
    super(scope, address, "libvirt_network", config, meta);
  }
}
