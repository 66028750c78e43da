import { canonicalJson } from "../lib/lab/canonical-json.ts";
import type { NormalizeOptions } from "../lib/lab/normalize-lab.ts";
import type { WrittenLab } from "../lib/lab/written-lab.ts";
import { LabStack, type LabStackResult } from "./lab-stack.ts";
import { Testing } from "./testing.ts";

/** A synthesized lab: what `LabStack` says of it, and its Terraform JSON. */
export interface SynthesizedLab extends LabStackResult {
  /** Text of `cdk.tf.json`: sorted keys, two spaces. Absent if there were errors. */
  readonly terraformJson?: string;
}

/** Synthesizes a written lab as `LabStack` does, without writing a file. */
export function synthesizeLab(written: WrittenLab, options: NormalizeOptions = {}): SynthesizedLab {
  const { lab: name, ...props } = written;
  const stack = new LabStack(Testing.scope(), name, props, options);
  const result = stack.result();
  return result.lab ? { ...result, terraformJson: terraformJson(stack) } : result;
}

/** The stack's Terraform JSON as text, the bytes that `App.synth()` writes. */
export function terraformJson(stack: LabStack): string {
  return canonicalJson(stack.toTerraform(), 2);
}
