import type { Construct } from "constructs";
import { cdktf } from "../cdktf.ts";
import type { Expression } from "../host-resource.ts";

/** Version that the traps in this folder were measured on; 0.9 only, because minor releases of a 0.x provider may break. */
export const libvirtProvider = { source: "dmacvicar/libvirt", version: "~> 0.9.7" } as const;

export interface LibvirtProviderConfig {
  /** `qemu:///system`, `qemu:///system?socket=PATH`, `qemu+ssh://…` */
  readonly uri: Expression;
  readonly alias: string;
}

/** `provider "libvirt"`: one block per host, told apart by its alias. */
export class LibvirtProvider extends cdktf.TerraformProvider {
  readonly #config: LibvirtProviderConfig;

  constructor(scope: Construct, id: string, config: LibvirtProviderConfig) {
    super(scope, id, {
      terraformResourceType: "libvirt",
      terraformProviderSource: libvirtProvider.source,
      terraformGeneratorMetadata: { providerName: "libvirt", providerVersionConstraint: libvirtProvider.version },
    });
    this.#config = config;
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    return { ...this.#config };
  }
}
