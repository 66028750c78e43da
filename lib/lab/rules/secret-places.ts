import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { plainStrings } from "../settings/plain-strings.ts";
import type { WrittenLab } from "../written-lab.ts";

/**
 * Checks that no secret stands where the lab describes hosts, images, networks or its backend: all of that is shown and stored. Sandboxes' settings
 * are checked where they are merged.
 */
export function checkSecretPlaces({ hosts, images, networks, backend }: WrittenLab): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  plainStrings(
    { hosts, images, networks, backend },
    (...path) => path,
    () => false,
    (diagnostic) => diagnostics.push(diagnostic),
  );
  return diagnostics;
}
