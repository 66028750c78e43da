import type { Construct } from "constructs";
import type { HostMeta } from "../host-resource.ts";
import { TerrariumResource } from "./resource.ts";

export interface TerrariumNetworkConfig {
  readonly name: string;
  readonly mode: "nat" | "isolated";
  readonly cidr: string;
  readonly gateway: string;
  readonly domain: string;
  readonly bridge?: string;
  /** Edited live. `name` resolves before its sandbox has booted. */
  readonly reservations: Readonly<Record<string, { readonly mac: string; readonly address: string; readonly name?: string }>>;
}

/** `terrarium_network` */
export class TerrariumNetwork extends TerrariumResource<TerrariumNetworkConfig> {
  constructor(scope: Construct, address: string, config: TerrariumNetworkConfig, meta: HostMeta) {
    super(scope, address, "terrarium_network", config, meta);
  }
}
