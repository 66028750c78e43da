import type { Construct } from "constructs";
import type { TerraformMetaArguments } from "cdktf";
import { cdktf } from "./cdktf.ts";

export interface TerraformDataConfig {
  /** Kept in state, and readable as `output`. A change is an update in place. */
  readonly input?: unknown;
  /** A change replaces it. */
  readonly triggers_replace?: unknown;
}

/** `terraform_data`: built into Terraform, needs no provider. Carries values whose change replaces other resources. */
export class TerraformData extends cdktf.TerraformResource {
  readonly config: TerraformDataConfig;

  constructor(scope: Construct, id: string, config: TerraformDataConfig, meta: TerraformMetaArguments = {}) {
    super(scope, id, { terraformResourceType: "terraform_data", ...meta });
    this.config = config;
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    return { ...this.config };
  }
}
