import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { runProgram } from "../hypervisor/program.ts";
import { attribute, descend, parseXml } from "../hypervisor/kvm/xml.ts";
import type { HostPaths } from "./host-directory.ts";
import { hostFailure } from "./host-failure.ts";
import { readNamespaceProcesses } from "./network-namespace.ts";
import { endProcesses, readCommandLine } from "./processes.ts";

/**
 * Takes away what a libvirtd that was killed in the middle of `net-start` or `net-destroy` left in the host's namespace: the network's bridge, of which libvirt
 * knows nothing afterwards and over which the next `net-start` stumbles ("error creating bridge interface …: File exists"), and its dnsmasq.
 *
 * To be called while libvirtd does not run: then its notes about active networks are final, and none is being started. A bridge that no definition of libvirt
 * names, that a network has not made itself (`bridged`), or that has ports is left alone.
 *
 * @throws DiagnosticError HOST_START_FAILED if a bridge cannot be removed
 */
export async function removeHalfNetworks(paths: HostPaths): Promise<void> {
  const half = await halfNetworks(paths);
  if (half.length === 0) return;
  const pids = await readNamespaceProcesses(paths.netns);
  const ended = await Promise.all(pids.map(async (pid) => ((await isServing(pid, half)) ? [pid] : [])));
  await endProcesses(ended.flat(), 2000);
  const links = await readLinks(paths);
  for (const { bridge } of half) {
    if (links.some(({ ifname }) => ifname === bridge) && !links.some(({ master }) => master === bridge))
      await ip(paths, ["link", "del", bridge, "type", "bridge"]);
  }
}

interface HalfNetwork {
  readonly name: string;
  readonly bridge: string;
}

/** Networks with a bridge of their own that libvirt has defined and does not note as active. */
async function halfNetworks({ etc, run }: HostPaths): Promise<HalfNetwork[]> {
  const definitions = join(etc, "qemu", "networks");
  const active = await listXml(join(run, "network"));
  const inactive = (await listXml(definitions)).filter((file) => !active.includes(file));
  const found = await Promise.all(
    inactive.map(async (file) => {
      const network = parseXml(await readFile(join(definitions, file), "utf8"));
      const bridge = attribute(descend(network, "bridge"), "name");
      const isOwn = attribute(descend(network, "forward"), "mode") !== "bridge";
      return bridge !== undefined && isOwn ? [{ name: basename(file, ".xml"), bridge }] : [];
    }),
  );
  return found.flat();
}

/** True for the dnsmasq of one of these networks; libvirt gives it the network's configuration, and a lease helper as its child. */
async function isServing(pid: number, networks: readonly HalfNetwork[]): Promise<boolean> {
  const commandLine = await readCommandLine(pid);
  return networks.some(({ name }) => commandLine?.some((word) => word.endsWith(`/dnsmasq/${name}.conf`)));
}

interface Link {
  readonly ifname: string;
  readonly master?: string;
}

async function readLinks(paths: HostPaths): Promise<Link[]> {
  return JSON.parse((await ip(paths, ["-j", "link", "show"])) || "[]") as Link[];
}

async function ip({ netns, name }: HostPaths, args: readonly string[]): Promise<string> {
  const result = await runProgram("ip", ["-n", netns, ...args]);
  if (result.exitCode !== 0) throw hostFailure(`ip ${args.join(" ")} failed in the namespace of host "${name}"`, result);
  return result.stdout;
}

async function listXml(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  return names.filter((name) => name.endsWith(".xml"));
}
