import { join } from "node:path";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import type { Lab } from "../lab/lab.ts";
import { readTextIfAny } from "./files.ts";

/**
 * The normalized lab beside a folder's Terraform JSON.
 *
 * @throws DiagnosticError LAB_FILE_MISSING
 */
export async function readSynthesizedLab(directory: string): Promise<Lab> {
  const text = await readTextIfAny(join(directory, "terrarium.lab.json"));
  if (text !== undefined) return JSON.parse(text) as Lab;
  throw new DiagnosticError({
    code: "LAB_FILE_MISSING",
    severity: "error",
    summary: `${directory} has no terrarium.lab.json, so it was not made by \`terrarium synth --out\` or a LabStack`,
    nextStep: "Name the folder that holds cdk.tf.json.",
  });
}
