import type { Construct } from "constructs";
import { cdktf } from "../cdktf.ts";
import type { Expression } from "../host-resource.ts";

/**
 * Address of our own provider: a host name that nobody else can have. The provider comes with the package that wrote the JSON (served by `terrarium`, or installed by
 * `terrarium provider install`), and a new release of it must not change the bytes: any version will do. `cdktf deploy` refuses JSON without one.
 */
const source = "terrarium.internal/terrarium/terrarium";
const version = ">= 0.1.0";

export interface TerrariumProviderConfig {
  readonly alias: string;
  readonly hypervisor: "kvm" | "virtualbox";
  /** kvm only: any libvirt URI. */
  readonly uri?: Expression;
  readonly lab: string;
  readonly deployment: Expression;
  readonly host: string;
  /** kvm only: `hardware` or `emulation`. */
  readonly accelerator?: Expression;
}

/** `provider "terrarium"`: one block per host, told apart by its alias. */
export class TerrariumProvider extends cdktf.TerraformProvider {
  readonly #config: TerrariumProviderConfig;

  constructor(scope: Construct, id: string, config: TerrariumProviderConfig) {
    super(scope, id, {
      terraformResourceType: "terrarium",
      terraformProviderSource: source,
      terraformGeneratorMetadata: { providerName: "terrarium", providerVersionConstraint: version },
    });
    this.#config = config;
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    return { ...this.#config };
  }
}
