import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import type { Host } from "../../host/ensure-host.ts";
import type { Hypervisor } from "../../hypervisor/hypervisor.ts";
import { kvmCapabilitiesAt } from "../../hypervisor/kvm/capabilities.ts";
import { memoryHypervisor } from "../../hypervisor/memory/memory-hypervisor.ts";
import { networkChange } from "../../hypervisor/network-change.ts";
import type { Provisioning } from "../../hypervisor/provisioning.ts";
import { sandboxChange } from "../../hypervisor/sandbox-change.ts";
import { virtualBoxCapabilities } from "../../hypervisor/virtualbox/capabilities.ts";
import type { DriverRules, OpenHost, PreparedImage } from "./client.ts";
import { hostView } from "./host-view.ts";

export type HypervisorKind = "kvm" | "virtualbox" | "memory";

export interface HostOptions {
  readonly kind: HypervisorKind;
  /** @default - as for a lab's host */
  readonly uri?: string;
  /** The host's name in the lab. */
  readonly name: string;
  /** @default - probed on the host */
  readonly accelerator?: "hardware" | "emulation";
}

/**
 * What a hypervisor's driver knows without a host. The drivers themselves are loaded when a host is opened: Terraform starts a provider several times for a command,
 * and most of those processes never look at one.
 */
export function driverRules(kind: HypervisorKind, uri?: string): DriverRules {
  if (kind === "memory") return memoryDriver(uri);
  const capabilities = kind === "kvm" ? kvmCapabilitiesAt(uri) : virtualBoxCapabilities;
  return { capabilities, networkChange, sandboxChange: (from, to) => sandboxChange(from, to, capabilities) };
}

/** Connects to a host; brings an embedded one up. @throws DiagnosticError */
export async function openHost(options: HostOptions): Promise<OpenHost> {
  if (options.kind === "memory") return openMemory(options);
  return options.kind === "kvm" ? await openKvm(options) : await openVirtualBox();
}

/** This user's VirtualBox on this machine: there is no other way to one. */
async function openVirtualBox(): Promise<OpenHost> {
  const { virtualboxHypervisor } = await import("../../hypervisor/virtualbox/virtualbox-hypervisor.ts");
  const driver = virtualboxHypervisor();
  return { driver, view: hostView(driver), accelerator: async () => undefined, prepareImage: fetchFile };
}

async function fetchFile(file: string, signal: AbortSignal): Promise<PreparedImage> {
  const { fetchImage } = await import("../../images/fetch-image.ts");
  const { path, digest } = await fetchImage({ kind: "path", path: file }, { cacheDirectory: cacheDirectory(), signal });
  return { file: path, digest };
}

function openMemory({ uri, accelerator }: HostOptions): OpenHost {
  const driver = memoryDriver(uri);
  return {
    driver,
    view: hostView(driver),
    accelerator: async () => accelerator,
    // No guest runs on it: any file will do.
    prepareImage: async (file) => ({ file, digest: await (await import("../../images/file-digest.ts")).hashFile(file) }),
  };
}

/** `file:///path.json`; further parts are for tests: `?faults=/path.json&forwards=yes`. */
function memoryDriver(uri: string | undefined): Hypervisor & Provisioning {
  if (uri === undefined) return memoryHypervisor();
  if (!/^file:\/\/\/./.test(uri)) {
    throw new DiagnosticError({
      code: "HOST_URI_INVALID",
      severity: "error",
      path: ["uri"],
      summary: `expected the file of a memory host such as "file:///tmp/host.json", got ${JSON.stringify(uri)}`,
      nextStep: "Name a JSON file; it need not exist.",
    });
  }
  const { searchParams, pathname } = new URL(uri);
  const faultsFile = searchParams.get("faults");
  return memoryHypervisor({
    file: fileURLToPath(`file://${pathname}`),
    ...(faultsFile === null ? {} : { faultsFile }),
    ...(searchParams.get("forwards") === "yes" ? { capabilities: { forwards: true } } : {}),
  });
}

async function openKvm({ uri, name, accelerator }: HostOptions): Promise<OpenHost> {
  const [{ ensureHost }, { listEmbedded }, { hostPaths }, { inHostNetwork }, { kvmHypervisor }] = await Promise.all([
    import("../../host/ensure-host.ts"),
    import("../../host/embedded-host.ts"),
    import("../../host/host-directory.ts"),
    import("../../host/proxy-command.ts"),
    import("../../hypervisor/kvm/kvm-hypervisor.ts"),
  ]);
  const root = process.env["TERRARIUM_HOST_DIR"];
  const reached = await ensureHost({ uri, name, root });
  const logs = reached.embedded === undefined ? {} : { logDirectory: hostPaths(reached.embedded, root).log };
  // An embedded host may be named by its socket, too.
  const there = reached.netns === undefined ? (await listEmbedded({ root })).find((host) => host.uri === reached.uri) : reached;
  const driver = kvmHypervisor(reached.uri, { hostName: name, ...logs, enterNetwork: there ? inHostNetwork(there, []) : [] });
  let probed: Promise<"hardware" | "emulation"> | undefined;
  used.add(reached);
  return {
    driver,
    view: hostView(driver),
    accelerator: async () => accelerator ?? (await (probed ??= probe(reached, root))),
    prepareImage: fetchFile,
  };
}

async function probe(host: Host, root: string | undefined): Promise<"hardware" | "emulation"> {
  const { probeAccelerator } = await import("../../host/accelerator.ts");
  return (await probeAccelerator(host, { root })).kind === "kvm" ? "hardware" : "emulation";
}

const used = new Set<Host>();

/**
 * Ends this process's use of all hosts that it opened: one that was brought up on demand and has nothing goes down. For a process of the provider's own, at its end; in
 * `terrarium`, hosts are the command's.
 */
export async function releaseHosts(): Promise<void> {
  const hosts = [...used];
  used.clear();
  for (const host of hosts) await host.release();
}

/** Where converted images and remembered checksums are kept: the same place as for `terrarium`'s other commands. */
export function cacheDirectory(): string {
  return process.env["TERRARIUM_CACHE"] || join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "terrarium");
}
