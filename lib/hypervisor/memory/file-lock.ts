import { randomUUID } from "node:crypto";
import { link, readFile, rm, stat, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { failure } from "./failure.ts";

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/**
 * Runs `work` while no other process does it for the same file. The lock is a file beside it that names its holder; one whose holder has ended is taken over.
 *
 * @param timeout milliseconds @throws DiagnosticError HOST_BUSY after it
 */
export async function withFileLock<T>(file: string, work: () => Promise<T>, timeout = 60_000): Promise<T> {
  const lock = `${file}.lock`;
  // It appears with its content, never empty: a link is made whole or not at all.
  const mine = `${lock}.${randomUUID()}`;
  await writeFile(mine, String(process.pid), { mode: 0o600 });
  try {
    const deadline = Date.now() + timeout;
    while (!(await tryLink(mine, lock))) {
      if (Date.now() > deadline) {
        throw failure("HOST_BUSY", `another process has held ${lock} for more than ${timeout} ms`, "Wait for it, or end it.");
      }
      if (!(await removeDead(lock))) await sleep(2 + Math.random() * 4);
    }
  } finally {
    await rm(mine, { force: true });
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** Of two that find a dead one only the one that gets the breaker may remove it: the other would remove the first one's new lock. */
async function removeDead(lock: string): Promise<boolean> {
  if (!(await isDead(lock))) return false;
  const breaker = `${lock}.break`;
  try {
    await writeFile(breaker, String(process.pid), { flag: "wx" });
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    // Held for two system calls only: an old one is a dead one's.
    const age = await stat(breaker).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > 10_000) await rm(breaker, { force: true });
    return false;
  }
  try {
    if (await isDead(lock)) await rm(lock, { force: true });
  } finally {
    await rm(breaker, { force: true });
  }
  return true;
}

async function isDead(lock: string): Promise<boolean> {
  const pid = Number(
    await readFile(lock, "utf8").catch((error: unknown) => {
      if (codeOf(error) === "ENOENT") return "";
      throw error;
    }),
  );
  if (pid === 0) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return codeOf(error) === "ESRCH";
  }
}
