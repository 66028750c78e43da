import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { HostPaths } from "./host-directory.ts";

/**
 * How guests get out of an embedded host.
 * - `slirp`: user-mode NAT by slirp4netns; no rule, route or interface of the machine is touched.
 * - `none`: they reach each other and nothing else.
 */
export type Uplink = "slirp" | "none";

/** What an embedded host remembers about itself. Whether it is up is never remembered, but looked at. */
export interface HostRecord {
  /** True: it goes down with its last sandbox. False: it stays until `terrarium host down`. */
  readonly onDemand: boolean;
  readonly uplink: Uplink;
  /** The boot of the machine in which it was last brought up: after another one, what was in `run` is void. */
  readonly bootId: string;
}

const recordFile = ({ directory }: HostPaths): string => join(directory, "host.json");

/** Undefined if there is no such host, or it never came as far as writing its record. */
export async function readHostRecord(paths: HostPaths): Promise<HostRecord | undefined> {
  const text = await readFile(recordFile(paths), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null) return undefined;
  const { onDemand, uplink, bootId } = value as Partial<Record<keyof HostRecord, unknown>>;
  return {
    onDemand: onDemand === true,
    uplink: uplink === "slirp" ? "slirp" : "none",
    bootId: typeof bootId === "string" ? bootId : "",
  };
}

export async function writeHostRecord(paths: HostPaths, record: HostRecord): Promise<void> {
  await mkdir(paths.directory, { recursive: true, mode: 0o711 });
  const draft = `${recordFile(paths)}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(record)}\n`, { mode: 0o600 });
  await rename(draft, recordFile(paths));
}

/** Differs after every boot of the machine. */
export async function readBootId(): Promise<string> {
  return (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
}
