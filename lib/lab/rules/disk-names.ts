import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Path } from "../path.ts";

/** Names of the disks that every sandbox has. */
const given = ["root", "seed"];

/**
 * Checks that a sandbox's disks have different names, and none the name of its root disk or seed.
 *
 * @param names in order, defaults filled in
 * @param path of the list
 */
export function checkDiskNames(names: readonly string[], path: Path): Diagnostic[] {
  return names.flatMap((name, index) => {
    const first = names.indexOf(name);
    if (first === index && !given.includes(name)) return [];
    return [
      {
        code: "DUPLICATE_DISK" as const,
        severity: "error" as const,
        path: [...path, index],
        summary:
          first === index
            ? `disk "${name}" has the name of a disk that every sandbox has`
            : `disk "${name}" has the name of disk ${first + 1}`,
        nextStep: "Give it another `name`.",
      },
    ];
  });
}
