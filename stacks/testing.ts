import { RootConstruct, type Construct } from "constructs";
import { DiagnosticError } from "../lib/diagnostics/diagnostic-error.ts";
import { hasErrors, type Diagnostic } from "../lib/diagnostics/diagnostic.ts";
import type { Lab } from "../lib/lab/lab.ts";
import { cdktfVersion } from "../lib/synth/cdktf.ts";
import type { LabStack } from "./lab-stack.ts";

/** Terraform JSON of a lab: block type → resource type → name → attributes. */
export type LabJson = {
  readonly resource: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly variable: Readonly<Record<string, unknown>>;
  readonly [block: string]: unknown;
};

/**
 * For tests of your own stacks and constructs: synthesizes in memory.
 *
 * @example
 * const lab = new LabStack(Testing.scope(), "demo", { images, defaults: { image: "debian-12" } });
 * new WebTier(lab, "tier");
 * expect(Testing.lab(lab).sandboxes["web-1"]?.memory).toBe(Size.gibibytes(2).bytes);
 */
export const Testing = {
  /** A root to put stacks in, instead of an `App`, which makes directories. */
  scope(): Construct {
    const root = new RootConstruct("");
    root.node.setContext("cdktfVersion", cdktfVersion);
    root.node.setContext("@cdktf/disable_stack_trace_in_metadata", true);
    return root;
  },

  /**
   * The normalized lab.
   *
   * @throws DiagnosticError if the lab has errors
   */
  lab(stack: LabStack): Lab {
    const { lab, diagnostics } = stack.result();
    if (!lab || hasErrors(diagnostics)) throw new DiagnosticError(diagnostics);
    return lab;
  },

  /** What there is to say about the lab, errors included. */
  diagnostics(stack: LabStack): readonly Diagnostic[] {
    return stack.result().diagnostics;
  },

  /**
   * The Terraform JSON.
   *
   * @throws DiagnosticError if the lab has errors
   */
  synth(stack: LabStack): LabJson {
    Testing.lab(stack);
    return JSON.parse(JSON.stringify(stack.toTerraform())) as LabJson;
  },
};
