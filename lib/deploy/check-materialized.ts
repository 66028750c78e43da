import { checkUserData } from "../cloud-init/check-user-data.ts";
import { diagnosticCodes } from "../diagnostics/codes.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";

/**
 * Errors of user-data with its secrets in place, for the last look before a seed is made. They say nothing of the text: what is wrong may be the secret.
 */
export function checkMaterialized(sandbox: string, userData: string): Diagnostic[] {
  return checkUserData(userData)
    .filter(({ severity }) => severity === "error")
    .map(({ code, severity }) => ({
      code,
      severity,
      summary: `the user-data of sandbox "${sandbox}", with its secrets in place: ${diagnosticCodes[code]}`,
      nextStep:
        "Check the secrets that it names, and how they stand in it: a value of several lines needs a block text and its indentation.",
    }));
}
