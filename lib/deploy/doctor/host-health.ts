import { access, statfs } from "node:fs/promises";
import { probeAccelerator } from "../../host/accelerator.ts";
import { Size } from "../../units/size.ts";
import { listHostLabs } from "../host-labs.ts";
import { leftovers } from "../prune.ts";
import type { ReachedHost } from "../reach-hosts.ts";
import { fine, unwell, type Health } from "./health.ts";

/** Versions of what runs sandboxes there. */
export async function versionHealth({ name, uri, hypervisor }: ReachedHost): Promise<Health[]> {
  const { hypervisor: program, hypervisorVersion, libraryVersion, cpus, memoryBytes, architecture } = await hypervisor.readHost();
  const library = uri === "virtualbox" ? "" : `, libvirt ${libraryVersion}`;
  const gibibytes = Math.round(memoryBytes / 2 ** 30);
  return [fine("versions", `${program} ${hypervisorVersion}${library}; ${cpus} CPUs, ${gibibytes} GiB, ${architecture}`, name)];
}

/** VirtualBox's kernel driver shows itself by this device on Linux. */
const virtualBoxDriver = "/dev/vboxdrv";

/** Whether sandboxes run on the processor. */
export async function acceleratorHealth({ name, uri, embedded }: ReachedHost, root: string | undefined): Promise<Health[]> {
  if (uri === "virtualbox") return await driverHealth(name);
  const { kind, reason } = await probeAccelerator(
    { uri, ...(embedded !== undefined && { embedded }) },
    { ...(root !== undefined && { root }) },
  );
  if (kind === "kvm") return [fine("virtualization", `sandboxes run under KVM${reason === undefined ? "" : ` (${reason})`}`, name)];
  const broken = reason?.startsWith("the host offers no KVM") !== true;
  return [
    unwell(
      "virtualization",
      {
        code: broken ? "KVM_BROKEN" : "KVM_UNAVAILABLE",
        severity: "warning",
        summary: `sandboxes are emulated, 5 to 10 times slower: ${reason ?? "KVM does not work"}`,
        nextStep: broken
          ? "In a virtual machine, switch on nested virtualization outside; on hardware, look at `dmesg | grep -i kvm`."
          : "Switch virtualization (VT-x, AMD-V) on in the firmware's settings, or nested virtualization outside, and load the kernel's module: sudo modprobe kvm_intel (or kvm_amd).",
      },
      name,
    ),
  ];
}

async function driverHealth(name: string): Promise<Health[]> {
  if (process.platform !== "linux") return [];
  const there = await access(virtualBoxDriver).then(
    () => true,
    () => false,
  );
  if (there) return [fine("virtualization", "VirtualBox's kernel driver is loaded", name)];
  return [
    unwell(
      "virtualization",
      {
        code: "DRIVER_MISSING",
        severity: "error",
        summary: `VirtualBox's kernel driver is not loaded (there is no ${virtualBoxDriver}): no sandbox can start`,
        nextStep: "Run: sudo /sbin/vboxconfig (it needs the kernel's headers), or sudo modprobe vboxdrv.",
      },
      name,
    ),
  ];
}

/** Below these a lab is likely to fill the disk, or certain to. */
const little = Size.gibibytes(10);
const tooLittle = Size.gibibytes(1);

/**
 * Room where images and disks are.
 *
 * @param folders those that are there count
 */
export async function diskHealth(name: string | undefined, folders: readonly string[]): Promise<Health[]> {
  const seen = new Map<string, Health>();
  for (const folder of folders) {
    const found = await statfs(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "EACCES") return undefined;
      throw error;
    });
    if (!found) continue;
    const free = Size.bytes(found.bavail * found.bsize);
    // Folders on one file system have the same room.
    const key = `${found.type} ${found.blocks} ${found.bfree}`;
    if (!seen.has(key)) seen.set(key, roomIn(folder, free, name));
  }
  return [...seen.values()];
}

function roomIn(folder: string, free: Size, host: string | undefined): Health {
  const room = `${Math.floor(free.bytes / 2 ** 30)} GiB free at ${folder}`;
  if (!free.isLessThan(little)) return fine("disk", room, host);
  const severity = free.isLessThan(tooLittle) ? "error" : "warning";
  const nextStep = "Run `terrarium images prune`, `terrarium prune`, or make room on that file system (df -h shows it).";
  return unwell("disk", { code: "DISK_LOW", severity, summary: `only ${room}, for images and disks of sandboxes`, nextStep }, host);
}

/** What `prune` would take, and deployments of others that are still there. */
export async function leftoverHealth({ name, hypervisor }: ReachedHost, own: string | undefined): Promise<Health[]> {
  const gone = leftovers(await listHostLabs(hypervisor), own);
  if (gone.length === 0) return [fine("leftovers", "none", name)];
  const list = gone.map(
    ({ lab, deployment, networks, pools }) =>
      `lab ${lab}, deployment ${deployment}: ${[...networks.map((network) => network.nameOnHost), ...pools].join(", ")}`,
  );
  return [
    unwell(
      "leftovers",
      {
        code: "LEFTOVERS_FOUND",
        severity: "warning",
        summary: `${gone.length === 1 ? "one deployment" : `${gone.length} deployments`} without a sandbox left something behind`,
        detail: list.join("\n"),
        nextStep: `Run: terrarium prune --host ${name}`,
      },
      name,
    ),
  ];
}
