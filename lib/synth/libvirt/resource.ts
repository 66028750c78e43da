import type { Construct } from "constructs";
import { HostResource, type HostMeta } from "../host-resource.ts";

/** A resource of `dmacvicar/libvirt`. */
export class LibvirtResource<Config extends object> extends HostResource<Config> {
  constructor(scope: Construct, address: string, type: string, config: Config, meta: HostMeta) {
    super(scope, address, type, "libvirt", config, meta);
  }
}
