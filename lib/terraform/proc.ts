import { readdir, readFile } from "node:fs/promises";
import { runVariable } from "./environment.ts";

/** A process, told from a later one with the same number by its start. */
export interface ProcessId {
  readonly pid: number;
  /** Clock ticks after the machine's start, from /proc/PID/stat. */
  readonly startTime: string;
  /** The machine's start: /proc/sys/kernel/random/boot_id. */
  readonly bootId: string;
}

interface ProcessStat {
  readonly startTime: string;
  readonly group: number;
}

/** @returns undefined if there is no such process, or only its corpse */
export async function identifyProcess(pid: number): Promise<ProcessId | undefined> {
  const stat = await readStat(pid);
  return stat && { pid, startTime: stat.startTime, bootId: await readBootId() };
}

export async function isAlive(process: ProcessId): Promise<boolean> {
  const now = await identifyProcess(process.pid);
  return now?.startTime === process.startTime && now.bootId === process.bootId;
}

/** A process that carries a run's id in its environment. Processes of other users cannot be looked at and are left out. */
export interface RunMember extends ProcessId {
  readonly group: number;
}

/** All living processes of a run: Terraform, providers, provisioners and what they started. */
export async function findRunMembers(runId: string): Promise<RunMember[]> {
  const marker = `${runVariable}=${runId}`;
  const pids = (await readdir("/proc")).map(Number).filter(Number.isInteger);
  const bootId = await readBootId();
  const members = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readIfPresent(`/proc/${pid}/environ`);
      const stat = environment?.split("\0").includes(marker) ? await readStat(pid) : undefined;
      return stat && { pid, startTime: stat.startTime, bootId, group: stat.group };
    }),
  );
  return members.filter((member) => member !== undefined);
}

async function readStat(pid: number): Promise<ProcessStat | undefined> {
  const text = await readIfPresent(`/proc/${pid}/stat`);
  // The second field is the program's name in parentheses and may contain anything: count from the last one.
  const fields = text?.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state, group, startTime] = [fields?.[0], fields?.[2], fields?.[19]];
  if (group === undefined || startTime === undefined || state === "Z" || state === "X") return undefined;
  return { startTime, group: Number(group) };
}

async function readBootId(): Promise<string> {
  return (await readIfPresent("/proc/sys/kernel/random/boot_id"))?.trim() ?? "";
}

/** What can be read of /proc: a process may end, or belong to someone else, at any moment. */
async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && ["ENOENT", "ESRCH", "EACCES", "EPERM"].includes(String(error.code))) return undefined;
    throw error;
  }
}
