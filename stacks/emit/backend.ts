import type { Construct } from "constructs";
import { cdktf } from "../../lib/synth/cdktf.ts";
import type { Lab } from "../../lib/lab/lab.ts";

/**
 * The backend is always explicit: CDK's default writes an absolute path into the JSON. Relative to the stack's folder (`cdktf.out/stacks/<stack>`, `.terrarium/<lab>/terraform`)
 * the default is `.terrarium/<lab>/` beside the lab, for `terrarium` and `cdktf deploy` alike.
 */
export function emitBackend(stack: Construct, lab: Lab): void {
  if (lab.backend) new AnyBackend(stack, "backend", lab.backend);
  else new cdktf.LocalBackend(stack, { path: defaultStatePath(lab.name) });
}

/** Path of the state file, relative to the stack's folder. */
export function defaultStatePath(lab: string): string {
  return `../../../.terrarium/${lab}/terraform.tfstate`;
}

/** Any backend that Terraform knows, as it was written. */
class AnyBackend extends cdktf.TerraformBackend {
  readonly #settings: object;

  constructor(scope: Construct, id: string, backend: NonNullable<Lab["backend"]>) {
    const [[type, settings] = ["local", {}]] = Object.entries(backend);
    super(scope, id, type);
    this.#settings = settings;
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    return { ...this.#settings };
  }

  protected override synthesizeHclAttributes(): { [name: string]: unknown } {
    return { ...this.#settings };
  }

  override getRemoteStateDataSource(): never {
    throw new Error("A lab's state is not shared with other stacks: reference its Terraform outputs from the stack that needs them.");
  }
}
