import type { Construct } from "constructs";
import type { Lab } from "../../lib/lab/lab.ts";
import { TerraformData } from "../../lib/synth/terraform-data.ts";
import type { Emitter } from "./emitter.ts";

/** Waits, as part of an apply by plain Terraform, until the named sandboxes are ready; runs again whenever one of them was made anew. */
export function emitReady(scope: Construct, lab: Lab, emitter: Emitter, index: number, names: readonly string[]): void {
  const waited = Object.values(lab.sandboxes).filter((sandbox) => names.length === 0 || names.includes(sandbox.writtenAs));
  new TerraformData(
    scope,
    index === 0 ? "ready" : `ready_${index}`,
    { triggers_replace: waited.flatMap(emitter.boots) },
    {
      provisioners: [
        { type: "local-exec", command: ["npx --no-install terrarium wait --directory .", ...waited.map(({ name }) => name)].join(" ") },
      ],
    },
  );
}
