import type { Construct } from "constructs";
import type { Expression, HostMeta } from "../host-resource.ts";
import { LibvirtResource } from "./resource.ts";

export interface LibvirtPoolConfig {
  readonly name: Expression;
  readonly type: "dir";
  readonly target: { readonly path: Expression };
  readonly create: { readonly build: boolean; readonly start: boolean; readonly autostart: boolean };
  /** `delete` removes the directory, which must be empty by then. */
  readonly destroy: { readonly delete: boolean };
}

/** `libvirt_pool`. Every update of it fails in 0.9.7: whatever may change must replace it. */
export class LibvirtPool extends LibvirtResource<LibvirtPoolConfig> {
  constructor(scope: Construct, address: string, config: LibvirtPoolConfig, meta: HostMeta) {
    super(scope, address, "libvirt_pool", config, meta);
  }
}
