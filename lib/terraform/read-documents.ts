import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import { isJsonObject, numberAt, parseJsonObject, stringAt, type JsonObject } from "./json.ts";
import type { OutputValue, Plan } from "./plan.ts";
import { parseRawDiagnostic } from "./raw-diagnostic.ts";
import type { State } from "./state.ts";
import type { TerraformDiagnostic } from "./terraform-diagnostic.ts";
import { translate } from "./translate.ts";

/**
 * Reads what `show -json PLAN` printed. Only the format's version is checked: Terraform promises the rest for all 1.x.
 *
 * @throws DiagnosticError for another major version, or text that is no plan
 */
export function readPlan(text: string): Plan {
  const body = parseDocument("show", text);
  if (!stringAt(body, "format_version")?.startsWith("1."))
    throw refuse("show", `a plan of format 1.x, found ${JSON.stringify(body["format_version"])}`);
  return body as unknown as Plan;
}

/**
 * Reads what `state pull` printed.
 *
 * @returns undefined for nothing: there is no state yet
 * @throws DiagnosticError for another format than 4
 */
export function readState(text: string): State | undefined {
  if (text.trim() === "") return undefined;
  const body = parseDocument("state pull", text);
  if (numberAt(body, "version") !== 4) throw refuse("state pull", `a state of format 4, found ${JSON.stringify(body["version"])}`);
  return body as unknown as State;
}

/** Reads what `output -json` printed. */
export function readOutputs(text: string): Readonly<Record<string, OutputValue>> {
  const body = parseDocument("output", text);
  if (!Object.values(body).every((output) => isJsonObject(output) && typeof output["sensitive"] === "boolean"))
    throw refuse("output", "outputs");
  return body as Readonly<Record<string, OutputValue>>;
}

/** Reads what `validate -json` printed; an empty array for a valid configuration. */
export function readValidation(text: string): TerraformDiagnostic[] {
  const list = parseDocument("validate", text)["diagnostics"];
  if (!Array.isArray(list)) throw refuse("validate", "a list of diagnostics");
  const raws = list.map(parseRawDiagnostic).filter((raw) => raw !== undefined);
  return translate(raws, { constraints: new Map() });
}

function parseDocument(command: string, text: string): JsonObject {
  const body = parseJsonObject(text);
  if (!body) throw refuse(command, `a JSON object, found ${JSON.stringify(text.slice(0, 80))}`);
  return body;
}

function refuse(command: string, expected: string): DiagnosticError {
  return new DiagnosticError({
    code: "TERRAFORM_ERROR",
    severity: "error",
    summary: `expected terraform ${command} to print ${expected}`,
    nextStep: "Use an engine version that Terrarium knows (Terraform 1.11 or newer of 1.x, OpenTofu 1.9 or newer of 1.x).",
  });
}
