import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isNodeError } from "../files.ts";
import { run } from "../programs.ts";
import { parseDeb822Sources, parseSourcesList, type AptSource } from "./apt-sources.ts";

/** All apt sources of this machine, in apt's order. None where there is no apt. */
export async function machineSources(directory = "/etc/apt"): Promise<AptSource[]> {
  const parts = join(directory, "sources.list.d");
  const names = (await orNothing(readdir(parts))) ?? [];
  const sources = parseSourcesList((await orNothing(readFile(join(directory, "sources.list"), "utf8"))) ?? "");
  for (const name of names.sort()) {
    const text = (await orNothing(readFile(join(parts, name), "utf8"))) ?? "";
    if (name.endsWith(".list")) sources.push(...parseSourcesList(text));
    if (name.endsWith(".sources")) sources.push(...parseDeb822Sources(text));
  }
  return sources;
}

/**
 * How this machine reaches its archives (proxies, own certificates, tolerated dates), for apt inside the new root, which reads no file of
 * the machine. mmdebstrap writes them into the image; the build takes them out again.
 */
export async function machineAptOptions(): Promise<string[]> {
  const { stdout } = await run("apt-config", ["dump"], { reject: false });
  return selectAptOptions(String(stdout ?? ""));
}

/** The lines of `apt-config dump` that say how to reach an archive. Pure. */
export function selectAptOptions(dump: string): string[] {
  return dump.split("\n").filter((line) => /^Acquire::(https?::[^ ]+|Check-Valid-Until|Check-Date|Retries|ForceIPv4) "[^"]+";$/.test(line));
}

async function orNothing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isNodeError(error, "ENOENT", "EACCES", "EISDIR")) return undefined;
    throw error;
  }
}
