import { ensureHost, type Host } from "../host/ensure-host.ts";
import { hostPaths } from "../host/host-directory.ts";
import { probeAccelerator, type Accelerator } from "../host/accelerator.ts";
import { namespaceFile } from "../host/network-namespace.ts";
import { proxyCommand } from "../host/proxy-command.ts";
import type { Hypervisor } from "../hypervisor/hypervisor.ts";
import type { Provisioning } from "../hypervisor/provisioning.ts";
import { kvmHypervisor } from "../hypervisor/kvm/kvm-hypervisor.ts";
import type { FetchOptions } from "../images/fetch-image.ts";
import type { ImageSource, Lab } from "../lab/lab.ts";
import { variable } from "../../stacks/emit/names.ts";
import { importImage, placeImageHere, uploadImageThere } from "./put-images-in-place.ts";

/** What day-2 commands take from the part of the contract that makes things. */
type SnapshotCall = "listSnapshots" | "takeSnapshot" | "restoreSnapshot" | "removeSnapshot";

/** A host of the lab, as this machine reaches it. */
export interface DeployHost {
  /** Name in the lab. */
  readonly name: string;
  /** For Terraform's provider and virsh; `virtualbox` for that. */
  readonly uri: string;
  readonly hypervisor: Hypervisor & Pick<Provisioning, SnapshotCall>;
  /** `kvm`: on the host's CPU, whatever the hypervisor is. */
  readonly accelerator: "kvm" | "tcg";
  /** Why guests are emulated, or why KVM was taken unseen. */
  readonly acceleratorReason?: string;
  /** True if the host's network is this machine's, or in a namespace of it. */
  readonly isHere: boolean;
  /** File that holds its network namespace open. @default - this machine's own */
  readonly namespace?: string;
  /** How ssh reaches guests; absent: directly. */
  readonly proxyCommand?: readonly string[];
  /** Puts an image under the fixed path; `digest` is what the lab says. */
  readonly placeImage: (digest: string, source: ImageSource, options: FetchOptions) => Promise<void>;
  /** Ends this process's use of it: an on-demand host without sandboxes goes down. */
  readonly release: () => Promise<boolean>;
}

export interface ConnectOptions {
  readonly env: Readonly<NodeJS.ProcessEnv>;
}

/**
 * Brings up and connects every host that a lab uses, or that its lock still lists.
 *
 * @throws DiagnosticError if one cannot be reached
 */
export async function connectHosts(lab: Pick<Lab, "hosts" | "hypervisor">, options: ConnectOptions): Promise<DeployHost[]> {
  const connected = await Promise.allSettled(
    Object.values(lab.hosts).map((host) =>
      lab.hypervisor === "virtualbox" ? connectVirtualBox(host.name) : connectHost(host.name, host.uri, options),
    ),
  );
  const hosts = connected.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const failed = connected.find((one) => one.status === "rejected");
  if (failed === undefined) return hosts;
  // One that was brought up for nothing goes down again.
  await releaseHosts(hosts);
  throw failed.reason;
}

async function connectHost(name: string, uri: string | undefined, { env }: ConnectOptions): Promise<DeployHost> {
  const root = env["TERRARIUM_HOST_DIR"];
  const host = await ensureHost({ uri, name, root });
  const accelerator = await probe(host, root);
  const hypervisor = kvmHypervisor(host.uri, host.embedded === undefined ? {} : { logDirectory: hostPaths(host.embedded, root).log });
  return {
    name,
    uri: host.uri,
    hypervisor,
    accelerator: accelerator.kind,
    acceleratorReason: accelerator.reason,
    isHere: isHere(host),
    ...(host.netns !== undefined && { namespace: namespaceFile(host.netns) }),
    proxyCommand: proxyCommand(host),
    placeImage: sharesFileSystem(host) ? placeImageHere : uploadImageThere(hypervisor),
    release: host.release,
  };
}

/** True if its network is this machine's, or in a namespace of it. A socket elsewhere may lead into another one. */
export function isHere({ uri, netns }: Pick<Host, "uri" | "netns">): boolean {
  return netns !== undefined || /^qemu:\/\/\/[^?]*$/.test(uri);
}

/** This user's VirtualBox on this machine. Whether guests can run on it shows when the first one starts. */
async function connectVirtualBox(name: string): Promise<DeployHost> {
  const { virtualboxHypervisor } = await import("../hypervisor/virtualbox/virtualbox-hypervisor.ts");
  const hypervisor = virtualboxHypervisor();
  return {
    name,
    uri: "virtualbox",
    hypervisor,
    isHere: true,
    accelerator: "kvm",
    placeImage: importImage(hypervisor),
    release: async () => false,
  };
}

async function probe(host: Host, root: string | undefined): Promise<Accelerator> {
  try {
    return await probeAccelerator(host, { root });
  } catch (error) {
    await host.release();
    throw error;
  }
}

/** The fixed image path is ours to write only as root, and only where the host is this machine. */
function sharesFileSystem({ uri }: Host): boolean {
  return uri.startsWith("qemu:///") && process.getuid?.() === 0;
}

/** The facts of the hosts, as Terraform variables: those that the lab's provider block has. */
export function hostVariables(
  { provider, hypervisor }: Pick<Lab, "provider" | "hypervisor">,
  hosts: readonly DeployHost[],
): Record<string, string> {
  if (hypervisor !== "kvm") return {};
  if (provider === "terrarium") {
    return Object.fromEntries(
      hosts.flatMap(({ name, uri, accelerator }) => [
        [variable.hostUri(name), uri],
        [variable.accelerator(name), accelerator === "kvm" ? "hardware" : "emulation"],
      ]),
    );
  }
  return Object.fromEntries(
    hosts.flatMap(({ name, uri, accelerator }) => [
      [variable.hostUri(name), uri],
      [variable.domainType(name), accelerator === "kvm" ? "kvm" : "qemu"],
      [variable.cpuMode(name), accelerator === "kvm" ? "host-passthrough" : "maximum"],
    ]),
  );
}

/** Ends this process's use of hosts. */
export async function releaseHosts(hosts: readonly DeployHost[]): Promise<void> {
  await Promise.all(hosts.map((host) => host.release()));
}
