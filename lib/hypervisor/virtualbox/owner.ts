import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import type { Owner, OwnerFilter } from "../hypervisor.ts";

/** Key of a machine's extra data that says whose it is. */
export const ownerKey = "terrarium/owner";
/** Key of a base machine's extra data that holds its image's digest. */
export const imageKey = "terrarium/image";
/** Key of the global extra data that says whose a network is and what it is to be: VirtualBox's networks have no room for it. */
export const networkKey = (name: string): string => `${networkPrefix}${name}`;
export const networkPrefix = "terrarium/network/";

/** Key of a machine's extra data: whether it is to start with the host, if that could not be set yet. */
export const autostartKey = "terrarium/autostart";

export function writeOwner({ deployment, lab, name, provider, labels }: Owner): string {
  return toAscii({ deployment, lab, name, provider, labels });
}

/** JSON in ASCII: command lines on Windows are in whatever code page the user has. */
export function toAscii(value: unknown): string {
  return JSON.stringify(value).replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Undefined for what we have not written. Pure. */
export function readOwner(text: string | undefined): Owner | undefined {
  const value = readJson(text);
  if (typeof value["deployment"] !== "string") return undefined;
  const word = (key: string): string => (typeof value[key] === "string" ? value[key] : "");
  const labels = typeof value["labels"] === "object" && value["labels"] !== null ? Object.entries(value["labels"]) : [];
  return {
    deployment: value["deployment"],
    lab: word("lab"),
    name: word("name"),
    provider: word("provider"),
    labels: Object.fromEntries(labels.filter((label): label is [string, string] => typeof label[1] === "string")),
  };
}

/** A JSON object, or an empty one for anything else: anybody can write extra data. */
export function readJson(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? "{}");
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** True if the object is one of those that are asked for. An empty filter takes strangers, too. */
export function matchesOwner(owner: Owner | undefined, { deployment, lab }: OwnerFilter): boolean {
  return (deployment === undefined || owner?.deployment === deployment) && (lab === undefined || owner?.lab === lab);
}

/** Refuses an object of that name that is not this deployment's. */
export function stranger(kind: string, name: string, owner: Owner | undefined): DiagnosticError {
  const whose = owner ? `"${owner.name}" of lab "${owner.lab}", deployment ${owner.deployment}` : "something that Terrarium did not make";
  return new DiagnosticError({
    code: "STRANGER",
    severity: "error",
    summary: `there is already a ${kind} called "${name}" in VirtualBox: ${whose}`,
    nextStep: owner
      ? "Run `terrarium list` to see all labs of this host; rename one of the labs, or destroy the other."
      : "Rename it or remove it in VirtualBox, or rename the lab.",
  });
}

export function unsupported(summary: string, nextStep: string): DiagnosticError {
  return new DiagnosticError({ code: "HYPERVISOR_UNSUPPORTED", severity: "error", summary, nextStep });
}

export function notFound(kind: string, id: string): DiagnosticError {
  return new DiagnosticError({
    code: "OBJECT_NOT_FOUND",
    severity: "error",
    summary: `VirtualBox has no ${kind} ${id}`,
    nextStep: "Run `terrarium list` to see what the host has; `terrarium apply` makes what is missing.",
  });
}
