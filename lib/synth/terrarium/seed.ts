import type { Construct } from "constructs";
import type { Expression, HostMeta } from "../host-resource.ts";
import { TerrariumResource } from "./resource.ts";

export interface TerrariumSeedConfig {
  /** Its sandbox's. */
  readonly name: string;
  /** Read on the Terraform machine. Its name says all about the content: another one is another seed. */
  readonly file: Expression;
}

/** `terrarium_seed` */
export class TerrariumSeed extends TerrariumResource<TerrariumSeedConfig> {
  constructor(scope: Construct, address: string, config: TerrariumSeedConfig, meta: HostMeta) {
    super(scope, address, "terrarium_seed", config, meta);
  }
}
