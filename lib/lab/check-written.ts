import { lab } from "../../schemas/lab/lab.ts";
import isWrittenLab from "../../schemas/generated/validate-lab.js";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { explain } from "./written/explain.ts";

/**
 * Checks a value against the schema of the lab language: keys, types, forms. What keys and objects must be to each other (references, addresses) is for
 * the rules of this folder.
 *
 * @returns one error per fault, each with its `path`; an empty array if and only if the value is a `WrittenLab`. Never throws
 * @example checkWritten({ lab: "demo", sandboxes: { web: { memory: 2048 } } })[0].nextStep // 'Write the unit: "2048MiB".'
 */
export function checkWritten(value: unknown): Diagnostic[] {
  if (isWrittenLab(value)) return [];
  const explained = explain(lab, value);
  if (explained.length > 0) return explained;
  // The validator is the judge. Should the explanation ever miss a fault, its bare words are better than silence.
  return (isWrittenLab.errors ?? []).map(({ instancePath, message }) => ({
    code: "BAD_FORMAT",
    severity: "error",
    path: pathOf(instancePath),
    summary: `expected a value that fits the schema: ${message ?? "it does not"}`,
    nextStep: "See docs/reference/lab.md for what this key takes.",
  }));
}

/** A JSON pointer as keys; indexes stay text, which finds them as well. */
function pathOf(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}
