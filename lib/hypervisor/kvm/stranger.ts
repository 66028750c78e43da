import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import type { Owner } from "../hypervisor.ts";

/** Ends with STRANGER unless an object found under a name belongs to the deployment that asks for it. */
export function requireOwn(noun: "sandbox" | "network", name: string, found: Owner | undefined, wanted: Owner): void {
  if (found?.deployment === wanted.deployment) return;
  const whose = found === undefined ? "was not made by Terrarium" : `belongs to deployment ${found.deployment} of lab "${found.lab}"`;
  throw new DiagnosticError({
    code: "STRANGER",
    severity: "error",
    summary: `the host already has a ${noun} named "${name}", and it ${whose}`,
    nextStep:
      found === undefined
        ? "Rename the lab, or remove that object yourself if nobody needs it."
        : `Destroy that deployment from where it was applied, or rename this lab. If its .terrarium folder is lost: terrarium prune --deployment ${found.deployment}`,
  });
}
