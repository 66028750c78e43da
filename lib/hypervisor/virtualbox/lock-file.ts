import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";

/** A lock older than this was left by a process whose number another process has now: nothing under a lock takes as long. */
const oldest = 45 * 60_000;

/**
 * Runs `work` while no other process works under the same lock file, on every system that VirtualBox runs on (macOS and Windows have no `flock` program).
 *
 * The file names the process that made it; one that ended without removing it is dead, and its lock is taken over by whoever moves it away first.
 *
 * @param timeout milliseconds to wait for it @default 600000
 * @throws DiagnosticError STILL_RUNNING
 */
export async function withLockFile<T>(file: string, work: () => Promise<T>, timeout = 600_000): Promise<T> {
  await mkdir(dirname(file), { recursive: true });
  const mine = `${process.pid} ${randomBytes(8).toString("hex")}`;
  const deadline = Date.now() + timeout;
  for (let pause = 5; !(await tryTake(file, mine)); pause = Math.min(pause * 2, 200)) {
    if (Date.now() > deadline) throw held(file);
    await sleep(pause);
  }
  try {
    return await work();
  } finally {
    // Not one that somebody took over from us, should we have been stopped for very long.
    if ((await content(file)) === mine) await rm(file, { force: true });
  }
}

async function tryTake(file: string, mine: string): Promise<boolean> {
  try {
    const handle = await open(file, "wx", 0o600);
    try {
      await handle.writeFile(mine);
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    // Windows answers EPERM for a file that is just being removed.
    if (!isCode(error, "EEXIST", "EPERM")) throw error;
  }
  const found = await content(file);
  if (found !== undefined && (await isDead(file, found))) await takeAway(file, found);
  return false;
}

/** Only the file that was found dead goes: another process may have taken the lock meanwhile, and its file is put back. */
async function takeAway(file: string, dead: string): Promise<void> {
  const away = `${file}.${randomBytes(6).toString("hex")}`;
  try {
    await rename(file, away);
  } catch (error) {
    if (isCode(error, "ENOENT", "EPERM", "EACCES")) return;
    throw error;
  }
  if ((await content(away)) === dead) await rm(away, { force: true });
  else await rename(away, file);
}

async function isDead(file: string, text: string): Promise<boolean> {
  const pid = Number.parseInt(text, 10);
  try {
    const { mtimeMs } = await stat(file);
    const age = Date.now() - mtimeMs;
    // Not yet written: its maker is between two steps, or was killed there.
    if (!Number.isInteger(pid)) return age > 10_000;
    return age > oldest || !isAlive(pid);
  } catch (error) {
    if (isCode(error, "ENOENT")) return false;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return isCode(error, "EPERM");
  }
}

async function content(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (isCode(error, "ENOENT", "EPERM", "EBUSY")) return undefined;
    throw error;
  }
}

function isCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && "code" in error && typeof error.code === "string" && codes.includes(error.code);
}

function held(file: string): DiagnosticError {
  return new DiagnosticError({
    code: "STILL_RUNNING",
    severity: "error",
    summary: `another process has been working on the same object of VirtualBox for too long (${file})`,
    nextStep: "Wait until it has finished, or end it; then repeat.",
  });
}
