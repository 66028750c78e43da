import type { NetworkPlug } from "./networks.ts";
import { checkLimits } from "../check-limits.ts";
import type { SandboxSpec } from "../provisioning.ts";
import { virtualBoxCapabilities } from "./capabilities.ts";
import { consolePath, safeName, type Layout } from "./layout.ts";
import type { Machine } from "./machine-file.ts";
import { isManagement, type ForwardPath } from "./management-nic.ts";
import { unsupported } from "./owner.ts";
import { guestPlatform } from "./platform.ts";
import { labAdapters } from "./sandbox-record.ts";

/** The one controller. Disks have its ports from 0, the seed has its last. */
export const controller = { name: "SATA", ports: 30, seedPort: 29 } as const;
/** NICs of the chipset. */
const adapters = 8;

/** What a NIC is connected to, by slot from 0. */
export interface WantedAdapter {
  readonly mac: string;
  readonly kind: "natnetwork" | "intnet" | "bridged" | "hostonly" | "nat";
  /** Name of the network; of a bridged or host-only one, the host's NIC. */
  readonly network?: string;
}

/**
 * NICs of a sandbox, the one for management last. Those that it has already stay where they are: another slot is another device for the guest. Pure.
 *
 * @returns by slot; undefined where there is none
 */
export function wantedAdapters(
  spec: SandboxSpec,
  plugs: ReadonlyMap<string, NetworkPlug>,
  path: ForwardPath,
  machine?: Pick<Machine, "adapters">,
): (WantedAdapter | undefined)[] {
  const wanted: WantedAdapter[] = spec.nics.map(({ mac, network }) => ({
    mac: mac.toLowerCase(),
    ...plugged(network, plugs.get(network)),
  }));
  if (path.kind === "management") wanted.push({ mac: path.mac, kind: "nat" });
  const slots = Array.from<WantedAdapter | undefined>({ length: adapters });
  const rest = wanted.filter((nic) => {
    const slot = machine?.adapters.find(({ mac }) => mac === nic.mac)?.slot;
    if (slot === undefined || slots[slot] !== undefined) return true;
    slots[slot] = nic;
    return false;
  });
  for (const nic of rest) slots[slots.indexOf(undefined)] = nic;
  return slots;
}

function plugged(network: string, plug: NetworkPlug | undefined): Pick<WantedAdapter, "kind" | "network"> {
  if (plug?.mode === "bridged") return { kind: isHostOnly(plug.interface) ? "hostonly" : "bridged", network: plug.interface ?? "" };
  return { kind: plug?.mode === "nat" ? "natnetwork" : "intnet", network };
}

/** VirtualBox names its host-only interfaces itself, and takes none of them for a bridge: `vboxnet0`, on Windows `VirtualBox Host-Only Ethernet Adapter #2`. */
const isHostOnly = (nic = ""): boolean => /^vboxnet\d+$|^VirtualBox Host-Only Ethernet Adapter( #\d+)?$/.test(nic);

/** Options that say what an adapter of a kind is plugged into. */
const plugOptions = { natnetwork: "nat-network", intnet: "intnet", bridged: "bridge-adapter", hostonly: "host-only-adapter" } as const;

/** Arguments of the one `modifyvm` that gives a machine its hardware: all of it or nothing. Pure. */
export function machineArguments(spec: SandboxSpec, slots: readonly (WantedAdapter | undefined)[], id: string, layout: Layout): string[] {
  return [
    ...["--cpus", String(spec.cpus), "--memory", String(mebibytes(spec.memoryBytes)), ...guestPlatform(process.arch).settings],
    ...[
      "--rtc-use-utc",
      "on",
      "--audio-enabled",
      "off",
      "--usb-ohci",
      "off",
      "--boot1",
      "disk",
      "--boot2",
      "none",
      "--boot3",
      "none",
      "--boot4",
      "none",
    ],
    ...["--uart1", "0x3F8", "4", "--uart-mode1", "file", consolePath(layout, id)],
    ...slots.flatMap((nic, index) => adapterArguments(nic, index + 1)),
  ];
}

function adapterArguments(nic: WantedAdapter | undefined, number: number): string[] {
  if (!nic) return [`--nic${number}`, "none"];
  const common = [
    `--nic-type${number}`,
    "virtio",
    `--mac-address${number}`,
    nic.mac.replaceAll(":", "").toUpperCase(),
    `--cable-connected${number}`,
    "on",
  ];
  const plug = nic.kind === "nat" ? [] : [`--${plugOptions[nic.kind]}${number}`, nic.network ?? ""];
  return [`--nic${number}`, nic.kind, ...plug, ...common];
}

/** True if a machine has the CPUs, memory and NICs that are asked for. Pure. */
export function hasHardware(machine: Machine, spec: SandboxSpec, slots: readonly (WantedAdapter | undefined)[]): boolean {
  const key = (mac: string, kind: string, network?: string): string => `${mac} ${kind} ${network ?? ""}`;
  const wanted = slots.flatMap((nic) => (nic ? [key(nic.mac, nic.kind, nic.network)] : []));
  const have = [...labAdapters(machine), ...machine.adapters.filter(isManagement)].map(({ mac, kind, network }) => key(mac, kind, network));
  return (
    machine.cpus === spec.cpus &&
    machine.memoryMebibytes === mebibytes(spec.memoryBytes) &&
    machine.consoleLog !== undefined &&
    wanted.toSorted().join("\n") === have.toSorted().join("\n")
  );
}

/** What VirtualBox cannot give a sandbox is refused before anything is there. Pure. */
export function checkSandbox(spec: SandboxSpec): void {
  safeName(spec.name);
  checkLimits(spec, virtualBoxCapabilities);
  const noun = `sandbox "${spec.name}"`;
  if (spec.disks.length > controller.seedPort)
    throw unsupported(`${noun} has ${spec.disks.length} disks; VirtualBox's controller takes ${controller.seedPort}`, "Use fewer disks.");
  // One is kept for management.
  if (spec.nics.length > adapters - 1)
    throw unsupported(`${noun} has ${spec.nics.length} NICs; VirtualBox gives it at most ${adapters - 1}`, "Use fewer networks.");
  if (spec.cpus < 1 || spec.cpus > 64)
    throw unsupported(`${noun} has ${spec.cpus} CPUs; VirtualBox gives it 1 to 64`, "Use another number.");
}

const mebibytes = (bytes: number): number => Math.ceil(bytes / 2 ** 20);
