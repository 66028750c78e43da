import { statfs } from "node:fs/promises";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import { Size } from "../units/size.ts";

/** Room for the state of a thousand sandboxes, written several times, and the logs of a run. */
const neededSpace = Size.mebibytes(64);

/**
 * Checks that a run can save what it did. On a full disk Terraform 1.11.4 cuts the state file it writes to, fails to write `errored.tfstate`
 * beside it, and everything it made is forgotten (measured): better not to start.
 *
 * @throws DiagnosticError DISK_FULL
 */
export async function requireFreeSpace(directory: string, needed: Size = neededSpace): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  const free = Size.bytes(bavail * bsize);
  if (!free.isLessThan(needed)) return;
  throw new DiagnosticError({
    code: "DISK_FULL",
    severity: "error",
    summary: `Terraform's state and logs need ${needed.toString()} free at ${directory}, but there are ${Size.mebibytes(Math.floor(free.bytes / 2 ** 20)).toString()}`,
    nextStep: `Make room on the file system of ${directory} (df -h shows it), then try again.`,
  });
}
