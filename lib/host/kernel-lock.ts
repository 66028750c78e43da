import { spawn } from "node:child_process";
import { once } from "node:events";
import { programEnvironment } from "../hypervisor/program.ts";

export interface KernelLock {
  /** Frees it. */
  readonly release: () => Promise<void>;
}

/**
 * Takes the kernel's lock (flock) on a directory.
 *
 * The kernel holds it for a child (`flock … cat`) that lives as long as our end of its pipe: free at the moment we end, also by `kill -9`, so that no lock is
 * ever left over and two that find a dead one cannot both take it.
 *
 * @param directory is there, and stays there while it is locked
 * @param timeout milliseconds, rounded up to seconds
 * @returns undefined if somebody else still holds it then
 */
export async function takeKernelLock(directory: string, timeout: number): Promise<KernelLock | undefined> {
  // -o: cat must not inherit the lock. detached: Ctrl-C on a terminal must not free it before we have ended.
  const holder = spawn("flock", ["--exclusive", "--timeout", String(Math.ceil(timeout / 1000)), "-o", directory, "cat"], {
    stdio: ["pipe", "pipe", "ignore"],
    detached: true,
    env: programEnvironment(),
  });
  const ended = once(holder, "close");
  holder.stdin.on("error", () => holder.stdin.destroy());
  holder.stdin.write("locked\n");
  const locked = await Promise.race([once(holder.stdout, "data").then(() => true), ended.then(() => false)]);
  if (!locked) return undefined;
  return {
    release: async () => {
      holder.stdin.end();
      await ended;
    },
  };
}
