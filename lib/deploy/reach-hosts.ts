import { resolve } from "node:path";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import { chooseHost, systemUri } from "../host/choose-host.ts";
import { listEmbedded, readEmbedded } from "../host/embedded-host.ts";
import { ensureHost } from "../host/ensure-host.ts";
import { namespaceFile } from "../host/network-namespace.ts";
import { hostPaths } from "../host/host-directory.ts";
import type { Hypervisor } from "../hypervisor/hypervisor.ts";
import { kvmHypervisor } from "../hypervisor/kvm/kvm-hypervisor.ts";
import { runProgram } from "../hypervisor/program.ts";
import { parseLabFile } from "../labfile/parse-lab-file.ts";
import { readPossibleLab } from "./applied-lab.ts";
import { readTextIfAny } from "./files.ts";
import { stateDirectory } from "./state-directory.ts";
import { isHere } from "./hosts.ts";
import { whichLab } from "./which-lab.ts";

export interface ReachOptions {
  /** The lab file, which need not be there. */
  readonly file: string;
  readonly cwd: string;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  /** Name of a second copy of the lab. @default - the lab itself */
  readonly instance?: string;
  /** Only the host of this name. */
  readonly host?: string;
}

/** A host whose objects can be looked at. */
export interface ReachedHost {
  readonly name: string;
  readonly uri: string;
  readonly hypervisor: Hypervisor;
  /** The embedded host behind it, if it is one. */
  readonly embedded?: string;
  /** As in `DeployHost`. */
  readonly isHere: boolean;
  readonly namespace?: string;
  readonly release: () => Promise<unknown>;
}

/**
 * Hosts for commands that look at whole hosts: those of the lab (applied, else as written), the system's libvirtd if it answers, and Terrarium's own hosts
 * that are up; VirtualBox if the lab is on it, or HYPERVISOR asks for it. Each once; none is made for it.
 *
 * @throws DiagnosticError UNKNOWN_HOST for a host that is none of them
 */
export async function reachHosts(options: ReachOptions): Promise<ReachedHost[]> {
  const root = options.env["TERRARIUM_HOST_DIR"];
  const wanted = await namedHosts(options, root);
  const matching = options.host === undefined ? wanted : wanted.filter(({ name }) => name === options.host);
  if (options.host !== undefined && matching.length === 0) {
    throw new DiagnosticError({
      code: "UNKNOWN_HOST",
      severity: "error",
      summary: `there is no host "${options.host}"`,
      nextStep:
        wanted.length === 0 ? "Bring one up: terrarium host up." : `There are: ${[...new Set(wanted.map(({ name }) => name))].join(", ")}.`,
    });
  }
  const reached = new Map<string, ReachedHost>();
  for (const { name, uri } of matching) {
    if (uri === virtualBox) {
      const { virtualboxHypervisor } = await import("../hypervisor/virtualbox/virtualbox-hypervisor.ts");
      reached.set(uri, { name, uri, hypervisor: virtualboxHypervisor(), isHere: true, release: async () => {} });
      continue;
    }
    // Looking around makes no host: one that is not there has nothing to show.
    const choice = await chooseHost({ name, uri });
    if (choice.kind === "embedded" && !(await readEmbedded(choice.name, { root }))) continue;
    const host = await ensureHost({ name, uri, root });
    const logs = host.embedded === undefined ? {} : { logDirectory: hostPaths(host.embedded, root).log };
    if (!reached.has(host.uri)) {
      reached.set(host.uri, {
        ...{ name, uri: host.uri, hypervisor: kvmHypervisor(host.uri, logs), isHere: isHere(host), release: host.release },
        ...(host.embedded !== undefined && { embedded: host.embedded }),
        ...(host.netns !== undefined && { namespace: namespaceFile(host.netns) }),
      });
    }
  }
  return [...reached.values()];
}

/** Stands for this user's VirtualBox where a URI stands for others. */
const virtualBox = "virtualbox";

interface NamedHost {
  readonly name: string;
  readonly uri?: string;
}

async function namedHosts(options: ReachOptions, root: string | undefined): Promise<NamedHost[]> {
  const ofLab = await hostsOfLab(options);
  const own = await listEmbedded({ root });
  // One that is down is only looked at if it is named.
  const up = own.filter((host) => host.up || host.name === options.host).map(({ name }) => ({ name, uri: `embedded:${name}` }));
  const system = await runProgram("virsh", ["-q", "-c", systemUri, "uri"], { timeout: 5000 });
  const box =
    options.env["HYPERVISOR"] === "vbox" && ofLab.every(({ uri }) => uri !== virtualBox) ? [{ name: virtualBox, uri: virtualBox }] : [];
  return [...ofLab, ...box, ...up, ...(system.exitCode === 0 ? [{ name: "system", uri: systemUri }] : [])];
}

async function hostsOfLab({ file, cwd, instance }: ReachOptions): Promise<NamedHost[]> {
  const applied = await appliedHosts({ file, cwd, instance });
  if (applied) return applied;
  const text = await readTextIfAny(resolve(cwd, file));
  const hosts = text === undefined ? undefined : parseLabFile({ file, text }).value?.written.hosts;
  return Object.entries(hosts ?? {}).map(([name, { uri }]) => ({ name, uri }));
}

async function appliedHosts(place: Pick<ReachOptions, "file" | "cwd" | "instance">): Promise<NamedHost[] | undefined> {
  try {
    const { directory, name } = await whichLab(place);
    const lab = await readPossibleLab(stateDirectory(directory, name));
    if (lab?.hypervisor !== "virtualbox") return lab && Object.values(lab.hosts);
    return Object.values(lab.hosts).map(({ name: host }) => ({ name: host, uri: virtualBox }));
  } catch (error) {
    // Nothing was applied from here.
    if (error instanceof DiagnosticError) return undefined;
    throw error;
  }
}
