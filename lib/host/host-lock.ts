import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import type { HostPaths } from "./host-directory.ts";
import { takeKernelLock } from "./kernel-lock.ts";

/**
 * Runs `work` while no other process brings a host of the same hosts directory up or down.
 *
 * What is locked is the hosts directory itself: `down` removes a host's own, and a lock file would be left behind.
 *
 * @throws DiagnosticError HOST_BUSY after `timeout` milliseconds
 */
export async function withHostLock<T>(paths: HostPaths, work: () => Promise<T>, timeout = 60_000): Promise<T> {
  const root = join(paths.directory, "..");
  await mkdir(root, { recursive: true, mode: 0o711 });
  const lock = await takeKernelLock(root, timeout);
  if (!lock) {
    throw new DiagnosticError({
      code: "HOST_BUSY",
      severity: "error",
      summary: `another process has been starting or stopping host "${paths.name}" for more than ${Math.ceil(timeout / 1000)} s`,
      detail: `Locked directory: ${root}`,
      nextStep: "Wait for it, or end it; the lock is free as soon as that process has ended.",
    });
  }
  try {
    return await work();
  } finally {
    await lock.release();
  }
}
