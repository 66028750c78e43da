import { createHash } from "node:crypto";
import { join } from "node:path";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import { canonicalJson } from "../lab/canonical-json.ts";
import type { Interrupts } from "../terraform/interrupts.ts";
import type { Terraform } from "../terraform/terraform.ts";
import { readTextIfAny, writePrivate } from "./files.ts";
import { interrupted } from "./interrupted.ts";
import type { OnProgress } from "./progress.ts";
import type { StateDirectory } from "./state-directory.ts";

/** `terraform init` takes most of a second; it is needed once, and again when backend or providers have changed. */
export async function initializeTerraform(
  terraform: Terraform,
  state: StateDirectory,
  { onProgress, interrupts }: { readonly onProgress?: OnProgress; readonly interrupts?: Interrupts },
): Promise<void> {
  const stamp = join(state.terraform, ".terraform", "terrarium-init");
  const wanted = createHash("sha256")
    .update(canonicalJson((await terraformSettings(state)) ?? null))
    .digest("hex");
  if ((await readTextIfAny(stamp)) === wanted) return;
  onProgress?.({ kind: "step", text: "initializing Terraform" });
  const outcome = await terraform.init({ interrupts, reconfigure: true });
  if (!outcome.ok && outcome.interrupted) throw interrupted();
  if (!outcome.ok) throw new DiagnosticError(outcome.diagnostics.map(({ diagnostic }) => diagnostic));
  await writePrivate(stamp, wanted);
}

/** The `terraform` block of the working directory's JSON. */
export async function terraformSettings(
  state: StateDirectory,
): Promise<{ readonly backend?: Readonly<Record<string, unknown>> } | undefined> {
  const text = await readTextIfAny(join(state.terraform, "cdk.tf.json"));
  return (JSON.parse(text ?? "{}") as { terraform?: { backend?: Record<string, unknown> } }).terraform;
}
