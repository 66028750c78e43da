import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import { programEnvironment } from "../hypervisor/program.ts";
import type { HostPaths } from "./host-directory.ts";

/**
 * Runs `work` while no other process brings a host of the same hosts directory up or down.
 *
 * The kernel holds the lock for a child (`flock … cat`) that lives as long as our end of its pipe: free at the moment we end, also by `kill -9`.
 * What is locked is the hosts directory itself: `down` removes a host's own, and a lock file would be left behind.
 *
 * @throws DiagnosticError HOST_BUSY after `timeout` milliseconds
 */
export async function withHostLock<T>(paths: HostPaths, work: () => Promise<T>, timeout = 60_000): Promise<T> {
  const root = join(paths.directory, "..");
  await mkdir(root, { recursive: true, mode: 0o711 });
  // -o: cat must not inherit the lock. detached: Ctrl-C on a terminal must not free it before we have ended.
  const holder = spawn("flock", ["--exclusive", "--timeout", String(Math.ceil(timeout / 1000)), "-o", root, "cat"], {
    stdio: ["pipe", "pipe", "ignore"],
    detached: true,
    env: programEnvironment(),
  });
  const ended = once(holder, "close");
  holder.stdin.on("error", () => holder.stdin.destroy());
  holder.stdin.write("locked\n");
  const locked = await Promise.race([once(holder.stdout, "data").then(() => true), ended.then(() => false)]);
  if (!locked) {
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
    holder.stdin.end();
    await ended;
  }
}
