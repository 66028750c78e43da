import type { IConstruct } from "constructs";
import { DiagnosticError } from "../lib/diagnostics/diagnostic-error.ts";
import { cdkDirectoryOf, cdkLibraryOf, type CdkLibrary } from "../lib/synth/cdk-library.ts";
import { validationMessage } from "./validation-message.ts";

/**
 * Refuses constructs of another CDK for Terraform than the stack's. Two copies of the same version work together (they share brands and the table of tokens);
 * other versions fail somewhere inside, with a message that says nothing.
 *
 * @throws DiagnosticError CDK_COPIES_MIXED
 */
export function requireOneCdk(stack: IConstruct, constructs: readonly IConstruct[]): void {
  const own = cdkLibraryOf(stack);
  if (!own) return;
  const foreign = constructs.flatMap((construct) => {
    const library = cdkLibraryOf(construct);
    return library && series(library) !== series(own) ? [{ construct, library }] : [];
  });
  const [first] = foreign;
  if (!first) return;
  const { construct, library } = first;
  const path = construct.node.path;
  const diagnostic = {
    code: "CDK_COPIES_MIXED",
    severity: "error",
    constructPath: path || stack.node.path,
    summary: `${path ? `construct "${path}"` : "the App"} is of ${describe(library)}, and LabStack of ${describe(own)}: expected one CDK for Terraform`,
    nextStep:
      'Install one version for all: `npm ls cdktf cdktn` shows who brings the other. Import from "cdktf", with "cdktf": "npm:cdktn@0.24.0" in package.json.',
  } as const;
  throw Object.assign(new DiagnosticError(diagnostic), { message: validationMessage(diagnostic) });
}

/** Patch releases go together. */
function series({ name, version }: CdkLibrary): string {
  return `${name} ${version.split(".").slice(0, 2).join(".")}`;
}

function describe(library: CdkLibrary): string {
  const { name, version } = library;
  const directory = cdkDirectoryOf(library);
  return `${name} ${version}${directory === undefined ? "" : ` (${directory})`}`;
}
