import type { SandboxSpec } from "../provisioning.ts";
import { element, xmlText, type XmlElement } from "./element.ts";
import { cpuElements } from "./live-limits.ts";
import { ownerElement } from "./owner.ts";

/** Names of networks by their ids: domains know networks by name. */
export type NetworkNames = ReadonlyMap<string, string>;

/** q35 has one slot for hot-plugged devices by default; with these a sandbox takes seven beyond what it is made with. */
const sparePorts = 14;
const devicesWithoutSpares = 7;

/**
 * The domain's XML: the same machine as the libvirt provider gets (stacks/emit/sandbox.ts). Pure.
 *
 * virtio-scsi for the seed, since cloud kernels have no driver for SATA; `useserial`, since a disk that does not boot leaves the console empty
 * without it; VNC on a UNIX socket, where no other user of the machine can connect.
 */
export function domainXml(spec: SandboxSpec, uuid: string, networks: NetworkNames): string {
  const emulated = spec.accelerator === "emulation";
  return xmlText(
    element("domain", { type: emulated ? "qemu" : "kvm" }, [
      element("name", {}, [spec.name]),
      element("uuid", {}, [uuid]),
      element("metadata", {}, [ownerElement(spec.owner, wantedMemory(spec))]),
      ...memoryElements(spec),
      ...cpuElements(spec),
      element("os", {}, [
        element("type", { arch: "x86_64", machine: "q35" }, ["hvm"]),
        element("boot", { dev: "hd" }),
        element("bios", { useserial: "yes" }),
      ]),
      element("features", {}, [element("acpi"), element("apic")]),
      element("cpu", { mode: emulated ? "maximum" : "host-passthrough" }),
      element("clock", { offset: "utc" }),
      element("on_poweroff", {}, ["destroy"]),
      element("on_reboot", {}, ["restart"]),
      element("on_crash", {}, ["destroy"]),
      element("devices", {}, devices(spec, networks)),
    ]),
  );
}

function devices(spec: SandboxSpec, networks: NetworkNames): XmlElement[] {
  const ports = Math.max(sparePorts, devicesWithoutSpares + spec.disks.length + spec.nics.length);
  return [
    ...spec.disks.map((file, index) => diskElement(file, diskTarget(index), spec.maxCpus)),
    ...(spec.seed === undefined ? [] : [seedElement(spec.seed)]),
    element("controller", { type: "pci", model: "pcie-root", index: 0 }),
    ...Array.from({ length: ports }, (_, index) => element("controller", { type: "pci", model: "pcie-root-port", index: index + 1 })),
    element(
      "controller",
      { type: "scsi", model: "virtio-scsi", index: 0 },
      spec.maxCpus === undefined ? [] : [element("driver", { queues: spec.maxCpus })],
    ),
    ...spec.nics.map(({ mac, network }) => nicElement(mac, networks.get(network) ?? network)),
    element("serial", { type: "pty" }, [element("log", { file: consoleLog(spec.name), append: "off" }), element("target", { port: 0 })]),
    element("channel", { type: "unix" }, [element("target", { type: "virtio", name: "org.qemu.guest_agent.0" })]),
    element("rng", { model: "virtio" }, [element("backend", { model: "random" }, ["/dev/urandom"])]),
    element("graphics", { type: "vnc" }, [element("listen", { type: "socket" })]),
    element("video", {}, [element("model", { type: "virtio", heads: 1, primary: "yes" })]),
    element("memballoon", { model: "virtio" }),
  ];
}

/** @param queues where CPUs may come: see `fitQueues` */
export function diskElement(file: string, target: string, queues: number | undefined): XmlElement {
  return element("disk", { type: "file", device: "disk" }, [
    element("driver", { name: "qemu", type: "qcow2", discard: "unmap", queues }),
    element("source", { file }),
    element("target", { dev: target, bus: "virtio" }),
  ]);
}

export function seedElement(file: string): XmlElement {
  return element("disk", { type: "file", device: "cdrom" }, [
    element("driver", { name: "qemu", type: "raw" }),
    element("source", { file }),
    element("target", { dev: "sda", bus: "scsi" }),
    element("readonly"),
  ]);
}

export function nicElement(mac: string, network: string): XmlElement {
  return element("interface", { type: "network" }, [
    element("mac", { address: mac.toLowerCase() }),
    element("source", { network }),
    element("model", { type: "virtio" }),
  ]);
}

/** @example diskTarget(0) // "vda" @example diskTarget(26) // "vdaa" */
export function diskTarget(index: number): string {
  const letter = (number: number): string => String.fromCodePoint(97 + number);
  return `vd${index < 26 ? "" : letter(Math.floor(index / 26) - 1)}${letter(index % 26)}`;
}

/** libvirt counts memory in KiB. */
export const kibibytes = (bytes: number): number => Math.ceil(bytes / 1024);

/** What the owner's element says of memory: something only where there is a limit. */
export const wantedMemory = ({ memoryBytes, maxMemoryBytes }: SandboxSpec): number | undefined =>
  maxMemoryBytes === undefined ? undefined : kibibytes(memoryBytes);

function memoryElements({ memoryBytes, maxMemoryBytes }: SandboxSpec): XmlElement[] {
  const size = (name: string, bytes: number): XmlElement => element(name, { unit: "KiB" }, [String(kibibytes(bytes))]);
  return maxMemoryBytes === undefined
    ? [size("memory", memoryBytes)]
    : [size("memory", maxMemoryBytes), size("currentMemory", memoryBytes)];
}

const consoleLog = (name: string): string => `/var/log/libvirt/qemu/${name}.console.log`;
