import type { Element } from "@xmldom/xmldom";
import { readMedia, type Media } from "./media-registry.ts";
import { readRule, type NatRule } from "./registry.ts";
import { attribute, bareUuid, elements, parseSettings, readExtraData } from "./xml.ts";

/** A machine as its settings file (`.vbox`) says it. */
export interface Machine {
  readonly id: string;
  readonly name: string;
  /** Path of the settings file. */
  readonly file: string;
  readonly extraData: ReadonlyMap<string, string>;
  readonly cpus: number;
  readonly memoryMebibytes: number;
  readonly autostart: boolean;
  /** Path of what the first serial port is written to. */
  readonly consoleLog?: string;
  readonly adapters: readonly Adapter[];
  /** Names of its storage controllers. */
  readonly controllers: readonly string[];
  readonly attachments: readonly Attachment[];
  /** The media that this machine's registry lists, by UUID; others are in the base image's, or in the global one. */
  readonly media: Media;
  readonly snapshots: readonly MachineSnapshot[];
  readonly currentSnapshot?: string;
  /** It has saved its memory. */
  readonly saved: boolean;
  /** Its process died. */
  readonly aborted: boolean;
}

/** `slot` counts from 0; VBoxManage counts from 1. */
export interface Adapter {
  readonly slot: number;
  /** Lower case with colons. */
  readonly mac: string;
  readonly kind: "nat" | "natnetwork" | "intnet" | "bridged" | "hostonly" | "other";
  /** Name of the NAT network, internal network or interface. */
  readonly network?: string;
  readonly rules: readonly NatRule[];
}

export interface Attachment {
  readonly controller: string;
  readonly port: number;
  readonly device: number;
  readonly kind: "disk" | "cdrom";
  /** UUID of the medium; undefined for an empty drive. */
  readonly medium?: string;
}

export interface MachineSnapshot {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  /** Holds memory, too. */
  readonly running: boolean;
}

/**
 * Reads a settings file, whose form is VirtualBox's own (`version="1.19-linux"` for 7.2) and has been the same in these parts since 4.x. One read costs no process, takes no
 * lock on the machine (`showvminfo` does), and says more than any list. Pure.
 *
 * @param file its path, which relative locations in it refer to
 */
export function readMachineFile(text: string, file: string): Machine {
  const [machine] = elements(parseSettings(text), "Machine");
  if (!machine) throw new Error(`${file} has no machine in it`);
  const [hardware] = elements(machine, "Hardware");
  const [current] = elements(machine, "StorageControllers").length > 0 ? [machine] : [hardware];
  const [port] = elements(hardware, "UART", "Port").filter(
    (one) => attribute(one, "slot") === "0" && attribute(one, "hostMode") === "RawFile",
  );
  const consoleLog = attribute(port, "path");
  const currentSnapshot = attribute(machine, "currentSnapshot");
  return {
    id: bareUuid(attribute(machine, "uuid")),
    name: attribute(machine, "name") ?? "",
    file,
    extraData: readExtraData(machine),
    cpus: Number(attribute(elements(hardware, "CPU")[0], "count") ?? 1),
    memoryMebibytes: Number(attribute(elements(hardware, "Memory")[0], "RAMSize") ?? 0),
    autostart: ["1", "true"].includes(
      attribute(elements(machine, "Hardware", "Autostart")[0] ?? elements(machine, "Autostart")[0], "enabled") ?? "",
    ),
    ...(consoleLog === undefined ? {} : { consoleLog }),
    adapters: elements(hardware, "Network", "Adapter").filter(isEnabled).map(readAdapter),
    controllers: elements(current, "StorageControllers", "StorageController").map((one) => attribute(one, "name") ?? ""),
    attachments: elements(current, "StorageControllers", "StorageController").flatMap(readAttachments),
    media: readMedia(machine, file),
    snapshots: elements(machine, "Snapshot").flatMap(readSnapshots),
    ...(currentSnapshot === undefined ? {} : { currentSnapshot: bareUuid(currentSnapshot) }),
    saved: attribute(machine, "stateFile") !== undefined,
    aborted: ["1", "true"].includes(attribute(machine, "aborted") ?? ""),
  };
}

function isEnabled(adapter: Element): boolean {
  return ["1", "true"].includes(attribute(adapter, "enabled") ?? "");
}

const kinds: Readonly<Record<string, Adapter["kind"]>> = {
  NAT: "nat",
  NATNetwork: "natnetwork",
  InternalNetwork: "intnet",
  BridgedInterface: "bridged",
  HostOnlyInterface: "hostonly",
};

function readAdapter(adapter: Element): Adapter {
  // What stands in DisabledModes is only remembered; the mode in force is beside it.
  const mode = [...adapter.childNodes].find((node): node is Element => kinds[node.nodeName] !== undefined);
  const network = attribute(mode, "name");
  return {
    slot: Number(attribute(adapter, "slot") ?? 0),
    mac: (attribute(adapter, "MACAddress") ?? "").toLowerCase().replace(/(..)(?=.)/g, "$1:"),
    kind: kinds[mode?.nodeName ?? ""] ?? "other",
    ...(network === undefined ? {} : { network }),
    rules: elements(mode, "Forwarding").map(readRule),
  };
}

function readAttachments(controller: Element): Attachment[] {
  return elements(controller, "AttachedDevice").map((device) => {
    const medium = attribute(elements(device, "Image")[0], "uuid");
    return {
      controller: attribute(controller, "name") ?? "",
      port: Number(attribute(device, "port") ?? 0),
      device: Number(attribute(device, "device") ?? 0),
      kind: attribute(device, "type") === "HardDisk" ? "disk" : "cdrom",
      ...(medium === undefined ? {} : { medium: bareUuid(medium) }),
    };
  });
}

function readSnapshots(snapshot: Element): MachineSnapshot[] {
  return [
    {
      id: bareUuid(attribute(snapshot, "uuid")),
      name: attribute(snapshot, "name") ?? "",
      createdAt: attribute(snapshot, "timeStamp") ?? "",
      running: attribute(snapshot, "stateFile") !== undefined,
    },
    ...elements(snapshot, "Snapshots", "Snapshot").flatMap(readSnapshots),
  ];
}
