import { Construct } from "constructs";
import { hasErrors } from "../lib/diagnostics/diagnostic.ts";
import { canonicalJson } from "../lib/lab/canonical-json.ts";
import type { Lab } from "../lib/lab/lab.ts";
import { normalizeLab, type NormalizeOptions } from "../lib/lab/normalize-lab.ts";
import type { WrittenLab } from "../lib/lab/written-lab.ts";
import { cdktf } from "../lib/synth/cdktf.ts";
import type { Fragment } from "../lib/synth/literal-resource.ts";
import { withLiteralResources } from "../lib/synth/literal-resources.ts";
import { emitLab } from "./emit/lab.ts";
import type { LabStack, LabStackResult } from "./lab-stack.ts";
import { Testing } from "./testing.ts";

/** A synthesized lab: what `LabStack` says of it, and its Terraform JSON. */
export interface SynthesizedLab extends LabStackResult {
  /** Text of `cdk.tf.json`: sorted keys, two spaces. Absent if there were errors. */
  readonly terraformJson?: string;
}

/** Synthesizes a written lab as `LabStack` does, without writing a file. */
export function synthesizeLab(written: WrittenLab, options: NormalizeOptions = {}): SynthesizedLab {
  const { value, diagnostics } = normalizeLab(written, options);
  if (!value || hasErrors(diagnostics)) return { diagnostics };
  return { ...value, diagnostics, terraformJson: terraformJsonOf(value.lab) };
}

/** Terraform JSON of a normalized lab, as text: the way from here on is the one of every `LabStack`. */
export function terraformJsonOf(lab: Lab): string {
  const stack = new cdktf.TerraformStack(Testing.scope(), lab.name);
  emitLab(stack, new Construct(stack, "terraform"), lab, []);
  return canonicalJson(withLiteralResources(stack, stack.toTerraform() as Fragment), 2);
}

/** A stack's Terraform JSON as text, the bytes that `App.synth()` writes. */
export function terraformJson(stack: LabStack): string {
  return canonicalJson(stack.toTerraform(), 2);
}
