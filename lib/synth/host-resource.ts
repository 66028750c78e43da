import type { Construct } from "constructs";
import type { TerraformMetaArguments } from "cdktf";
import { LiteralResource } from "./literal-resource.ts";

/** A reference into Terraform's language, `${…}`, or the value itself. */
export type Expression = string;

/** Where a resource goes, and the meta-arguments it needs. */
export interface HostMeta {
  /** Alias of the provider block: the host. */
  readonly host: string;
  readonly lifecycle?: TerraformMetaArguments["lifecycle"];
  /** Addresses of other resources. */
  readonly dependsOn?: readonly string[];
}

/** Base of the L1 classes: attribute names are the provider's own, so that what one reads here is what Terraform gets. */
export class HostResource<Config extends object> extends LiteralResource<Config> {
  readonly #provider: string;
  readonly #meta: HostMeta;

  /** @param provider local name of the provider, of which there is one block per host */
  constructor(scope: Construct, address: string, type: string, provider: string, config: Config, meta: HostMeta) {
    super(scope, address, { type, provider }, config, { lifecycle: meta.lifecycle });
    this.#provider = provider;
    this.#meta = meta;
  }

  // Plain text: CDK's own form of both is a token.
  override get terraformMetaArguments(): { [name: string]: unknown } {
    return { ...super.terraformMetaArguments, provider: `${this.#provider}.${this.#meta.host}`, dependsOn: this.#meta.dependsOn };
  }
}
