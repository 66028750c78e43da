import { isJsonObject, numberAt, objectAt, stringAt, type JsonObject } from "./json.ts";

/** A diagnostic in Terraform's own words, as in its event stream and in `validate -json`. */
export interface RawDiagnostic {
  readonly severity: "error" | "warning";
  /** Usually one line; some backends put everything here. */
  readonly summary: string;
  readonly detail: string;
  /** The object it is about, `libvirt_volume.disk`, or `provider["registry.terraform.io/dmacvicar/libvirt"]`. */
  readonly address?: string;
  /** The file it is about, relative to the working directory, and the line and column there, from 1. */
  readonly range?: { readonly filename: string; readonly line: number; readonly column: number };
  /** The place in the configuration as a dotted path: `resource.terraform_data.slow.provisioner[0].local-exec`. */
  readonly context?: string;
}

/** @returns undefined if the value is no diagnostic */
export function parseRawDiagnostic(value: unknown): RawDiagnostic | undefined {
  if (!isJsonObject(value)) return undefined;
  const severity = stringAt(value, "severity");
  const summary = stringAt(value, "summary");
  if ((severity !== "error" && severity !== "warning") || summary === undefined) return undefined;
  const snippet = objectAt(value, "snippet");
  return {
    severity,
    summary,
    detail: stringAt(value, "detail") ?? "",
    address: stringAt(value, "address"),
    range: parseRange(objectAt(value, "range")),
    context: snippet && stringAt(snippet, "context"),
  };
}

function parseRange(range: JsonObject | undefined): RawDiagnostic["range"] {
  const filename = range && stringAt(range, "filename");
  const start = range && objectAt(range, "start");
  const line = start && numberAt(start, "line");
  const column = start && numberAt(start, "column");
  return filename === undefined || line === undefined || column === undefined ? undefined : { filename, line, column };
}
