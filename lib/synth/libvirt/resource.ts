import type { Construct } from "constructs";
import type { TerraformMetaArguments } from "cdktf";
import { cdktf } from "../cdktf.ts";

/** A reference into Terraform's language, `${…}`, or the value itself. */
export type Expression = string;

/**
 * Base of the L1 classes: a resource whose configuration has the provider's own attribute names, so that what one reads here is what
 * Terraform gets. `addOverride` and the meta-arguments (`dependsOn`, `lifecycle`, `provider`) are CDK for Terraform's own.
 */
export class LibvirtResource<Config extends object> extends cdktf.TerraformResource {
  readonly config: Config;

  constructor(scope: Construct, id: string, type: string, config: Config, meta: TerraformMetaArguments = {}) {
    super(scope, id, { terraformResourceType: type, terraformGeneratorMetadata: { providerName: "libvirt" }, ...meta });
    this.config = config;
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    return Object.fromEntries(Object.entries(this.config));
  }
}
