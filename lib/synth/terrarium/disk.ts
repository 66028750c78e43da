import type { Construct } from "constructs";
import type { HostMeta } from "../host-resource.ts";
import { TerrariumResource } from "./resource.ts";

export interface TerrariumDiskConfig {
  readonly name: string;
  /** With its unit. Grows in place. */
  readonly size: string;
  /** Digest of the image it starts from, which *prepare* has put on the host. */
  readonly image?: string;
}

/** `terrarium_disk` */
export class TerrariumDisk extends TerrariumResource<TerrariumDiskConfig> {
  constructor(scope: Construct, address: string, config: TerrariumDiskConfig, meta: HostMeta) {
    super(scope, address, "terrarium_disk", config, meta);
  }
}
