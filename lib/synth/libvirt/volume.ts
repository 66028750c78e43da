import type { Construct } from "constructs";
import type { Expression, HostMeta } from "../host-resource.ts";
import { LibvirtResource } from "./resource.ts";

export interface LibvirtVolumeConfig {
  readonly name: Expression;
  readonly pool: Expression;
  /** Bytes. Ignored by the provider where `create.content` is given. */
  readonly capacity?: number;
  readonly target?: { readonly format: { readonly type: "qcow2" | "raw" } };
  readonly backing_store?: { readonly path: Expression; readonly format: { readonly type: "qcow2" } };
  /** Read on the Terraform machine and streamed to the host. */
  readonly create?: { readonly content: { readonly url: Expression } };
}

/** `libvirt_volume`. Every update of it fails in 0.9.7; only `name` and `pool` replace by themselves. */
export class LibvirtVolume extends LibvirtResource<LibvirtVolumeConfig> {
  constructor(scope: Construct, address: string, config: LibvirtVolumeConfig, meta: HostMeta) {
    super(scope, address, "libvirt_volume", config, meta);
  }
}
