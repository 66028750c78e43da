import { stat, statfs } from "node:fs/promises";
import { runProgram } from "../hypervisor/program.ts";
import { listNamespaceProcesses } from "./processes.ts";
import { hostFailure } from "./host-failure.ts";

/** Type of the kernel's namespace file system, see statfs(2). */
const nsfsMagic = 0x6e736673;

/** The file that holds a named network namespace open, as `ip netns` keeps it. */
export const namespaceFile = (netns: string): string => `/run/netns/${netns}`;

async function ignoreMissing<T>(value: Promise<T>): Promise<T | undefined> {
  return await value.catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw error;
  });
}

/**
 * - `ready`: it is there.
 * - `broken`: only its empty file is, as after a kill between the two steps of `ip netns add`, or a reboot with a /run that is kept.
 */
export async function readNamespaceState(netns: string): Promise<"ready" | "broken" | "absent"> {
  const found = await ignoreMissing(statfs(namespaceFile(netns)));
  if (!found) return "absent";
  return found.type === nsfsMagic ? "ready" : "broken";
}

/** Every process in the namespace; none if there is no such namespace. */
export async function readNamespaceProcesses(netns: string): Promise<number[]> {
  if ((await readNamespaceState(netns)) !== "ready") return [];
  const found = await ignoreMissing(stat(namespaceFile(netns), { bigint: true }));
  return found ? await listNamespaceProcesses(found.ino) : [];
}

/** Makes the namespace with its loopback up. Does nothing if it is there; replaces a broken one. */
export async function makeNamespace(netns: string): Promise<void> {
  const state = await readNamespaceState(netns);
  if (state === "broken") await removeNamespace(netns);
  if (state !== "ready") await ip(["netns", "add", netns]);
  await ip(["-n", netns, "link", "set", "lo", "up"]);
}

/** Removes the namespace, with all its interfaces as soon as no process is in it. Does nothing if there is none. */
export async function removeNamespace(netns: string): Promise<void> {
  if ((await readNamespaceState(netns)) !== "absent") await ip(["netns", "del", netns]);
}

async function ip(args: readonly string[]): Promise<void> {
  const result = await runProgram("ip", args);
  if (result.exitCode !== 0) throw hostFailure(`ip ${args.join(" ")} failed`, result);
}
