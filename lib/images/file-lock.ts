import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { programEnvironment, requirePrograms } from "./programs.ts";

/**
 * Runs `work` while no other process works under the same lock file.
 *
 * The kernel holds the lock (`flock`) for a child that lives exactly as long as our end of its pipe: it is free at the moment we end, also by
 * `kill -9`, so no lock is ever stale. The file itself stays; it is empty.
 *
 * @param onWait called once if somebody else has it
 */
export async function withFileLock<T>(
  lockFile: string,
  work: () => Promise<T>,
  { onWait, signal }: { onWait?: () => void; signal?: AbortSignal } = {},
): Promise<T> {
  await requirePrograms(["flock"], "keeping two processes from making the same image");
  await mkdir(dirname(lockFile), { recursive: true });
  signal?.throwIfAborted();
  // `cat` gives back what we write once it runs, and it runs once flock has the lock. detached: Ctrl-C on a terminal must not free it early.
  // -o: only flock holds the file, not its child.
  const holder = spawn("flock", ["--exclusive", "-o", lockFile, "cat"], {
    stdio: ["pipe", "pipe", "inherit"],
    detached: true,
    env: { ...process.env, ...programEnvironment },
  });
  const ended = once(holder, "exit");
  const release = async (): Promise<void> => {
    holder.stdin.end();
    await ended;
  };
  // A holder that dies early shows as the end of its output; writing to it must not end us.
  holder.stdin.on("error", () => holder.stdin.destroy());
  const waiting = setTimeout(() => onWait?.(), 250);
  try {
    holder.stdin.write("locked\n");
    await Promise.race([once(holder.stdout, "data", { signal }), ended.then(([code]) => failUnlocked(lockFile, code))]);
  } catch (error) {
    // Still waiting for the lock, so there is no child of its own to leave behind.
    holder.kill("SIGKILL");
    await ended;
    throw error;
  } finally {
    clearTimeout(waiting);
  }
  try {
    return await work();
  } finally {
    await release();
  }
}

function failUnlocked(lockFile: string, code: unknown): never {
  throw new Error(`flock ended with ${String(code)} before it had ${lockFile}`);
}
