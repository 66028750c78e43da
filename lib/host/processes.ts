import { readdir, readFile, readlink } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

async function readOrUndefined(path: string): Promise<string | undefined> {
  return await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ESRCH") return undefined;
    throw error;
  });
}

/** The arguments a process was started with; undefined if there is no such process. A zombie has none. */
export async function readCommandLine(pid: number): Promise<string[] | undefined> {
  const text = await readOrUndefined(`/proc/${pid}/cmdline`);
  return text === undefined || text === "" ? undefined : text.split("\0").slice(0, -1);
}

/** When a process started, in clock ticks since boot: with the pid it names a process for good. Undefined if it is gone. */
export async function readStartTime(pid: number): Promise<string | undefined> {
  const text = await readOrUndefined(`/proc/${pid}/stat`);
  // The second field is the program's name in parentheses and may itself hold blanks and parentheses.
  return text?.slice(text.lastIndexOf(")") + 2).split(" ")[19];
}

/**
 * Reads a pid file, and believes it only if that process was started with `marker` among its arguments: pid files outlive their processes,
 * and pids are used again.
 */
export async function readVerifiedPid(pidFile: string, marker: string): Promise<number | undefined> {
  const pid = Number.parseInt((await readOrUndefined(pidFile)) ?? "", 10);
  if (!Number.isSafeInteger(pid) || pid <= 1) return undefined;
  const commandLine = await readCommandLine(pid);
  return commandLine?.includes(marker) ? pid : undefined;
}

/** Every process whose network namespace is the one with this inode (`net:[…]`). */
export async function listNamespaceProcesses(inode: bigint): Promise<number[]> {
  const wanted = `net:[${inode}]`;
  const pids = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry)).map(Number);
  const inside = await Promise.all(
    pids.map(async (pid) => {
      // Processes come and go while we look; kernel threads and zombies have no such link.
      const link = await readlink(`/proc/${pid}/ns/net`).catch((error: NodeJS.ErrnoException) => error.code);
      return link === wanted;
    }),
  );
  return pids.filter((_, index) => inside[index]);
}

async function isRunning(pid: number): Promise<boolean> {
  const stat = await readOrUndefined(`/proc/${pid}/stat`);
  return stat !== undefined && !["Z", "X"].includes(stat.slice(stat.lastIndexOf(")") + 2)[0] ?? "");
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/**
 * Ends processes: SIGTERM, and SIGKILL for those that are still there after `patience` milliseconds.
 *
 * @returns those that are still there another 5 s later (stuck in the kernel)
 */
export async function endProcesses(pids: readonly number[], patience: number): Promise<number[]> {
  let left = [...pids];
  for (const [name, wait] of [
    ["SIGTERM", patience],
    ["SIGKILL", 5000],
  ] as const) {
    for (const pid of left) signal(pid, name);
    const deadline = Date.now() + wait;
    while (left.length > 0 && Date.now() < deadline) {
      const running = await Promise.all(left.map(isRunning));
      left = left.filter((_, index) => running[index]);
      if (left.length > 0) await sleep(10);
    }
  }
  return left;
}
