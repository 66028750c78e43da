import type { Construct } from "constructs";
import type { TerraformMetaArguments } from "cdktf";
import { LiteralResource } from "../literal-resource.ts";

/** A reference into Terraform's language, `${…}`, or the value itself. */
export type Expression = string;

/** Where a resource of the libvirt provider goes, and the meta-arguments it needs. */
export interface LibvirtMeta {
  /** Alias of the provider block: the host. */
  readonly host: string;
  readonly lifecycle?: TerraformMetaArguments["lifecycle"];
  /** Addresses of other resources. */
  readonly dependsOn?: readonly string[];
}

/** Base of the L1 classes: attribute names are the provider's own, so that what one reads here is what Terraform gets. */
export class LibvirtResource<Config extends object> extends LiteralResource<Config> {
  readonly #meta: LibvirtMeta;

  constructor(scope: Construct, address: string, type: string, config: Config, meta: LibvirtMeta) {
    super(scope, address, { type, provider: "libvirt" }, config, { lifecycle: meta.lifecycle });
    this.#meta = meta;
  }

  // Plain text: CDK's own form of both is a token.
  override get terraformMetaArguments(): { [name: string]: unknown } {
    return { ...super.terraformMetaArguments, provider: `libvirt.${this.#meta.host}`, dependsOn: this.#meta.dependsOn };
  }
}
