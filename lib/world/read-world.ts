import { readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { runProgram, type ProgramResult } from "../hypervisor/program.ts";
import type { NetworkRecord } from "../hypervisor/hypervisor.ts";
import type { FirewallChain, Ruleset } from "./firewall.ts";
import { containerFolders, readContainerNetwork } from "./read/container-networks.ts";
import { readLinks, readRoutes } from "./read/interfaces.ts";
import { readIptablesSave } from "./read/iptables-legacy.ts";
import { kernelFiles, readForwarding, readKernelFiles, readSockets, socketFiles } from "./read/kernel-files.ts";
import { networkdFolders, networkManagerFolders, readNetworkdFiles, readNetworkManagerFiles, type TextFile } from "./read/network-files.ts";
import { readNftables } from "./read/nftables.ts";
import {
  defaultHostOnlyBlocks,
  filesThatSwitchForwardingOff,
  readHostOnlyBlocks,
  sysctlFile,
  sysctlFolders,
} from "./read/settings-files.ts";
import type { KnownNetwork, World } from "./world.ts";

export interface ReadWorldOptions {
  /** The host's name in the lab. */
  readonly host: string;
  /** Networks of its hypervisor. */
  readonly listNetworks: () => Promise<readonly NetworkRecord[]>;
  /** libvirt's version there, which decides how it filters where none of its rules is there yet. */
  readonly libvirtVersion?: () => Promise<string>;
  readonly hypervisor: "kvm" | "virtualbox";
  /** File that holds its network namespace open. @default - that of this process */
  readonly namespace?: string;
  /** False for another machine, of which only the hypervisor's networks can be told. @default true */
  readonly isHere?: boolean;
  /** Folder that configuration files are looked for in: tests have one of their own. @default "/" */
  readonly root?: string;
}

/**
 * Looks at a host: at most six short processes beside the hypervisor's own, all at a time. What cannot be read is named in `unread`, and never fails.
 *
 * @throws DiagnosticError if the hypervisor does not answer
 */
export async function readWorld(options: ReadWorldOptions): Promise<World> {
  const { host, namespace, isHere = true, root = "/" } = options;
  if (!isHere || process.platform !== "linux") {
    const unread = [`host "${host}" is not a Linux machine that this command runs on: only the networks of its hypervisor were looked at`];
    return { ...nothing, host, sockets: await socketsHere(), networks: (await options.listNetworks()).map(ofHypervisor(options)), unread };
  }
  const inside = async (program: string, args: readonly string[]): Promise<ProgramResult> =>
    await (namespace === undefined
      ? runProgram(program, args, { timeout })
      : runProgram("nsenter", [`--net=${namespace}`, "--", program, ...args], { timeout }));
  // Services and files are about the machine's own interfaces; what is in another namespace is out of their reach.
  const isOwnNamespace = namespace === undefined;
  const [links, routes, kernel, nft, networks, sockets, files] = await Promise.all([
    inside("ip", ["-j", "-d", "address"]),
    inside("ip", ["-j", "-4", "route", "show", "table", "all"]),
    inside("grep", ["-sH", "", ...kernelFiles]),
    inside("nft", ["-j", "list", "ruleset"]),
    options.listNetworks(),
    socketsHere(),
    isOwnNamespace ? readFiles(root) : undefined,
  ]);
  const kernelText = readKernelFiles(kernel.stdout);
  // Asking for legacy tables would load them into a kernel that has none.
  const hasLegacy = kernelText.get("/proc/net/ip_tables_names")?.includes("filter") === true;
  const legacy = hasLegacy ? await inside("iptables-legacy-save", ["-t", "filter"]) : undefined;
  const chains = [...readNftables(nft.exitCode === 0 ? nft.stdout : ""), ...readIptablesSave(legacy?.stdout ?? "")];
  const unread = [
    ...failed(links, "interfaces", "ip"),
    ...failed(nft, "the packet filter's rules", "nft"),
    ...(legacy ? failed(legacy, "the rules of iptables-legacy", "iptables-legacy-save") : []),
  ];
  return {
    host,
    links: links.exitCode === 0 ? readLinks(links.stdout) : [],
    ...(routes.exitCode === 0 ? readRoutes(routes.stdout) : { routes: [] }),
    networks: [...networks.map(ofHypervisor(options)), ...(files?.containerNetworks ?? [])],
    sockets,
    forwarding: readForwarding(kernelText, files?.forwardingOff ?? []),
    firewall: await ruleset(chains, options),
    networkFiles: files?.networkFiles ?? [],
    ...(files?.hostOnlyBlocks && { hostOnlyBlocks: files.hostOnlyBlocks }),
    unread,
  };
}

/** What listens on this machine. */
async function socketsHere(): Promise<World["sockets"]> {
  const texts = await Promise.all(socketFiles.map(async (file) => [file, ((await readText("/", file)) ?? "").split("\n")] as const));
  return readSockets(new Map(texts));
}

/** Milliseconds for one look: a host that is that slow is looked at in part. */
const timeout = 10_000;

const nothing: Omit<World, "host"> = {
  links: [],
  routes: [],
  networks: [],
  sockets: [],
  forwarding: { bridgeFiltered: false, offIn: [] },
  firewall: { chains: [] },
  networkFiles: [],
  unread: [],
};

function ofHypervisor({ hypervisor }: ReadWorldOptions): (network: NetworkRecord) => KnownNetwork {
  const by = hypervisor === "kvm" ? "libvirt" : "VirtualBox";
  return ({ name, owner, active, mode, bridge, addresses }) => ({
    name,
    by,
    ...(owner && { owner }),
    active,
    mode,
    ...(bridge !== undefined && { bridge }),
    blocks: addresses,
  });
}

function failed({ exitCode, missing, stderr }: ProgramResult, what: string, program: string): string[] {
  if (exitCode === 0) return [];
  const why = missing ? `${program} is not installed` : (stderr.trim().split("\n")[0] ?? "");
  return [`${what} could not be read: ${why === "" ? `${program} ended with ${exitCode ?? "a timeout"}` : why}`];
}

/** libvirt has its rules in tables of its own from 10.4 on, where nftables is there. */
async function ruleset(chains: readonly FirewallChain[], { libvirtVersion }: ReadWorldOptions): Promise<Ruleset> {
  if (chains.some(({ table }) => table === "libvirt_network")) return { chains, libvirt: "nftables" };
  const own = chains.find(({ name }) => name === "LIBVIRT_FWO");
  if (own) return { chains, libvirt: own.kind === "nftables" ? "iptables-nft" : "iptables-legacy" };
  // Nobody asks before there is something that could drop.
  if (!chains.some(({ hook }) => hook !== undefined)) return { chains };
  const [major = 0, minor = 0] = ((await libvirtVersion?.()) ?? "").split(".").map(Number);
  if (major > 10 || (major === 10 && minor >= 4)) return { chains, libvirt: "nftables" };
  const iptables = await ignoreMissing(readlink("/etc/alternatives/iptables"));
  return { chains, libvirt: iptables?.includes("legacy") ? "iptables-legacy" : "iptables-nft" };
}

async function readFiles(root: string): Promise<{
  readonly containerNetworks: KnownNetwork[];
  readonly forwardingOff: string[];
  readonly networkFiles: World["networkFiles"];
  readonly hostOnlyBlocks?: string[];
}> {
  const texts = async (folders: readonly string[]): Promise<TextFile[]> =>
    (await Promise.all(folders.map((one) => readFolder(root, one)))).flat();
  const [containers, sysctl, conf, networkd, settings, connections, hostOnly, runsNetworkd, runsManager] = await Promise.all([
    texts(containerFolders),
    texts(sysctlFolders),
    readText(root, sysctlFile),
    texts(networkdFolders),
    texts(networkManagerFolders.settings),
    texts(networkManagerFolders.connections),
    readText(root, "/etc/vbox/networks.conf"),
    ignoreMissing(readdir(join(root, "/run/systemd/netif"))),
    ignoreMissing(readdir(join(root, "/run/NetworkManager"))),
  ]);
  const hostOnlyBlocks = hostOnly === undefined ? defaultHostOnlyBlocks : readHostOnlyBlocks(hostOnly);
  return {
    containerNetworks: containers.flatMap(({ text }) => readContainerNetwork(text) ?? []),
    forwardingOff: filesThatSwitchForwardingOff([...sysctl, ...(conf === undefined ? [] : [{ path: sysctlFile, text: conf }])]),
    networkFiles: [
      ...(runsNetworkd ? readNetworkdFiles(networkd) : []),
      ...(runsManager ? readNetworkManagerFiles(settings, connections) : []),
    ],
    ...(hostOnlyBlocks && { hostOnlyBlocks }),
  };
}

async function readFolder(root: string, folder: string): Promise<TextFile[]> {
  const names = (await ignoreMissing(readdir(join(root, folder)))) ?? [];
  const files = await Promise.all(
    names.map(async (name) => ({ path: `${folder}/${name}`, text: await readText(root, `${folder}/${name}`) })),
  );
  return files.flatMap(({ path, text }) => (text === undefined ? [] : [{ path, text }]));
}

/** @returns undefined where there is none, or where this user may not read it: such files are never the only sign of what they do */
async function readText(root: string, path: string): Promise<string | undefined> {
  return await ignoreMissing(readFile(join(root, path), "utf8"));
}

async function ignoreMissing<T>(work: Promise<T>): Promise<T | undefined> {
  return await work.catch((error: NodeJS.ErrnoException) => {
    if (["ENOENT", "ENOTDIR", "EACCES", "EPERM", "EISDIR", "EINVAL"].includes(error.code ?? "")) return undefined;
    throw error;
  });
}
