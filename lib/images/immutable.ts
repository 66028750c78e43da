import { execa } from "execa";
import { isNodeError } from "./files.ts";
import { programEnvironment } from "./programs.ts";

/**
 * Sets or clears the immutable attribute. Mode 0444 does not stop root, and QEMU's `blockcommit` can write into a base that others share;
 * this does stop it.
 *
 * @returns false where there is no such attribute: the file system has none, we may not, or `chattr` is not installed
 */
export async function setImmutable(path: string, immutable: boolean): Promise<boolean> {
  const { failed, exitCode, ...result } = await execa("chattr", [immutable ? "+i" : "-i", "--", path], {
    reject: false,
    stdin: "ignore",
    env: programEnvironment,
  });
  if (failed && exitCode === undefined && !isNodeError(result, "ENOENT")) throw result;
  return !failed;
}
