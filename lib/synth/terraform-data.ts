import type { Construct } from "constructs";
import type { TerraformMetaArguments } from "cdktf";
import { LiteralResource } from "./literal-resource.ts";

export interface TerraformDataConfig {
  /** Kept in state, and readable as `output`. A change is an update in place. */
  readonly input?: unknown;
  /** A change replaces it. */
  readonly triggers_replace?: unknown;
}

/** `terraform_data`: built into Terraform, needs no provider. Carries values whose change replaces other resources. */
export class TerraformData extends LiteralResource<TerraformDataConfig> {
  constructor(scope: Construct, address: string, config: TerraformDataConfig, meta?: TerraformMetaArguments) {
    super(scope, address, { type: "terraform_data" }, config, meta);
  }
}
