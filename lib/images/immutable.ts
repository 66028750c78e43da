import { unlink } from "node:fs/promises";
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

/**
 * Removes one of several names of an image. Who uses it by another name may protect it at any moment, and an immutable file keeps all its names; so it is not
 * protected afterwards, and who has removed a name protects what is left.
 *
 * @throws EPERM where we may not change the attribute
 */
export async function removeName(path: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await unlink(path);
    } catch (error) {
      if (isNodeError(error, "ENOENT")) return;
      if (!isNodeError(error, "EPERM") || attempt === 10) throw error;
      await setImmutable(path, false);
    }
  }
}
