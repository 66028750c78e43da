import type { Construct } from "constructs";
import type { TerraformMetaArguments } from "cdktf";
import { cdktf } from "./cdktf.ts";

export interface ResourceType {
  readonly type: string;
  /** Local name of its provider; absent: built into Terraform. */
  readonly provider?: string;
}

/** A piece of Terraform JSON: `{ resource: { TYPE: { NAME: { … } } } }`. */
export type Fragment = { readonly [name: string]: unknown };

/**
 * A resource that says literally what goes into the JSON: attributes under the provider's own names, references as `${…}`.
 *
 * CDK for Terraform looks through every element for tokens three times, which is most of the time that a thousand sandboxes take. There are none in here, so
 * it sees an empty element, and `LabStack` adds the fragments to its result. Only overrides may hold tokens: `hasOverrides` tells where to look.
 */
export class LiteralResource<Config extends object> extends cdktf.TerraformResource {
  readonly config: Config;
  #overridden = false;

  constructor(scope: Construct, address: string, { type, provider }: ResourceType, config: Config, meta: TerraformMetaArguments = {}) {
    super(scope, `${type}.${address}`, {
      terraformResourceType: type,
      ...(provider === undefined ? {} : { terraformGeneratorMetadata: { providerName: provider } }),
      ...meta,
    });
    this.config = config;
    this.overrideLogicalId(address);
  }

  get hasOverrides(): boolean {
    return this.#overridden;
  }

  override addOverride(path: string, value: unknown): void {
    this.#overridden = true;
    super.addOverride(path, value);
  }

  /** What the resource adds to the stack's JSON. */
  fragment(): Fragment {
    return super.toTerraform() as Fragment;
  }

  override toTerraform(): Record<string, never> {
    return {};
  }

  override toMetadata(): Record<string, never> {
    return {};
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    return Object.fromEntries(Object.entries(this.config));
  }
}
