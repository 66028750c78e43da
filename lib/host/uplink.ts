import { spawn } from "node:child_process";
import { once } from "node:events";
import { open, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { programEnvironment, runProgram } from "../hypervisor/program.ts";
import type { HostPaths } from "./host-directory.ts";
import { hostFailure } from "./host-failure.ts";
import { namespaceFile } from "./network-namespace.ts";
import { endProcesses, readVerifiedPid } from "./processes.ts";

/** slirp4netns's own name server, which forwards to the machine's. */
export const slirpNameServer = "10.0.2.3";
const device = "uplink0";
const slirpOptions = ["--configure", "--mtu=65520", "--disable-host-loopback", "--netns-type=path", "--ready-fd=3"];
const pidFile = ({ directory }: HostPaths): string => join(directory, "slirp.pid");

/** The process that carries the host's traffic, if it runs. It is the one process of a host outside its network namespace. */
export async function readUplinkProcess(paths: HostPaths): Promise<number | undefined> {
  return await readVerifiedPid(pidFile(paths), namespaceFile(paths.netns));
}

/**
 * Gives the namespace a way out through slirp4netns: user-mode NAT, so that nothing of the machine's network is changed. The machine's own
 * loopback is not reachable from inside. Does nothing if it runs.
 */
export async function startUplink(paths: HostPaths): Promise<void> {
  if ((await readUplinkProcess(paths)) !== undefined) return;
  // The interface goes with its process, except when that was killed a moment ago.
  await runProgram("ip", ["-n", paths.netns, "link", "del", device]);
  const log = await open(join(paths.directory, "slirp.log"), "w", 0o600);
  const child = spawn("slirp4netns", [...slirpOptions, namespaceFile(paths.netns), device], {
    stdio: ["ignore", log.fd, log.fd, "pipe"],
    detached: true,
    env: programEnvironment(),
  });
  // Listened for before the first await: it comes at once. `once` rejects if the program cannot be started.
  const spawned = once(child, "spawn");
  await log.close();
  await spawned;
  await writeFile(pidFile(paths), `${child.pid}\n`, { mode: 0o600 });
  const ready = child.stdio[3];
  if (!ready) throw new Error("slirp4netns was started without a pipe");
  const state = await Promise.race([
    once(ready, "data").then(() => "ready"),
    once(child, "exit").then(() => "ended"),
    new Promise((resolve) => setTimeout(resolve, 5000, "silent").unref()),
  ]);
  ready.destroy();
  child.unref();
  if (state !== "ready")
    throw hostFailure(`slirp4netns, the way out of host "${paths.name}", did not start: see ${paths.directory}/slirp.log`);
}

/** Ends the way out. Does nothing if there is none. */
export async function stopUplink(paths: HostPaths): Promise<void> {
  const pid = await readUplinkProcess(paths);
  if (pid !== undefined) await endProcesses([pid], 2000);
  await rm(pidFile(paths), { force: true });
}
