import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import type { Owner } from "../../hypervisor/hypervisor.ts";
import type { Client } from "./client.ts";

interface Importable {
  readonly id: string;
  readonly name: string;
  readonly owner?: Owner;
}

/**
 * The object that an import means: by the hypervisor's id, or as `LAB/NAME`.
 *
 * @throws DiagnosticError NOTHING_FOUND; STRANGER for an object of somebody else, which no apply could change
 */
export function findForImport<T extends Importable>({ lab, deployment }: Client, kind: string, id: string, objects: readonly T[]): T {
  const matching = objects.filter(
    (object) => object.id === id || (object.owner !== undefined && `${object.owner.lab}/${object.owner.name}` === id),
  );
  const found = matching.find(({ owner }) => owner?.deployment === deployment) ?? matching[0];
  if (!found) {
    throw new DiagnosticError({
      code: "NOTHING_FOUND",
      severity: "error",
      summary: `the host has no ${kind} ${JSON.stringify(id)}`,
      nextStep: `Use the hypervisor's id of the ${kind}, or LAB/NAME; \`terrarium list\` shows both.`,
    });
  }
  if (found.owner?.deployment === deployment && found.owner?.lab === lab) return found;
  const whose = found.owner
    ? `lab ${JSON.stringify(found.owner.lab)} (deployment ${found.owner.deployment})`
    : "somebody who did not make it with Terrarium";
  throw new DiagnosticError({
    code: "STRANGER",
    severity: "error",
    summary: `${kind} ${JSON.stringify(found.name)} belongs to ${whose}, not to lab ${JSON.stringify(lab)} (deployment ${deployment})`,
    nextStep: "Import into a configuration whose provider block has that lab and deployment.",
  });
}
