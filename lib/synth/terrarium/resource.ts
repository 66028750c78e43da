import type { Construct } from "constructs";
import { HostResource, type HostMeta } from "../host-resource.ts";

/** A resource of our own provider; `lib/provider/resources` says what each attribute means and does. */
export class TerrariumResource<Config extends object> extends HostResource<Config> {
  constructor(scope: Construct, address: string, type: string, config: Config, meta: HostMeta) {
    super(scope, address, type, "terrarium", config, meta);
  }
}
