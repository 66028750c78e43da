import type { Construct } from "constructs";
import type { HostMeta } from "../host-resource.ts";
import { TerrariumResource } from "./resource.ts";

export interface TerrariumNetworkConfig {
  readonly name: string;
  readonly mode: "nat" | "isolated" | "routed" | "bridged" | "none";
  /** Absent where we give no addresses: `bridged`, `none`. */
  readonly cidr?: string;
  readonly gateway?: string;
  readonly domain?: string;
  readonly bridge?: string;
  readonly interface?: string;
  readonly vlan?: number;
  readonly openvswitch?: boolean;
  readonly mtu?: number;
  readonly stp?: boolean;
  readonly nat_ports?: string;
  readonly dns_servers?: readonly string[];
  /** Name → address. */
  readonly records?: Readonly<Record<string, string>>;
  /** Edited live. `name` resolves before its sandbox has booted. */
  readonly reservations: Readonly<Record<string, { readonly mac: string; readonly address: string; readonly name?: string }>>;
}

/** `terrarium_network` */
export class TerrariumNetwork extends TerrariumResource<TerrariumNetworkConfig> {
  constructor(scope: Construct, address: string, config: TerrariumNetworkConfig, meta: HostMeta) {
    super(scope, address, "terrarium_network", config, meta);
  }
}
