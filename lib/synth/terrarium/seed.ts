import type { Construct } from "constructs";
import type { Expression, HostMeta } from "../host-resource.ts";
import { TerrariumResource } from "./resource.ts";

export interface TerrariumSeedConfig {
  /** Says all about the content. Another one is another seed. */
  readonly name: Expression;
  /** Read on the Terraform machine. */
  readonly file: Expression;
}

/** `terrarium_seed` */
export class TerrariumSeed extends TerrariumResource<TerrariumSeedConfig> {
  constructor(scope: Construct, address: string, config: TerrariumSeedConfig, meta: HostMeta) {
    super(scope, address, "terrarium_seed", config, meta);
  }
}
