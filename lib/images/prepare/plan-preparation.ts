import { isPlainPath } from "../inspect/guest-tree.ts";
import type { Edit, Preparation, UsedBase } from "./preparation.ts";

export interface PrepareChoices {
  /** Also removes files of networkd, netplan, NetworkManager and ifupdown that are bound to a MAC. @default false */
  readonly removeNetworkFiles?: boolean;
}

/** Decides what to change so that no sandbox takes itself for the machine that the image comes from. Pure. */
export function planPreparation(base: UsedBase, { removeNetworkFiles = false }: PrepareChoices = {}): Preparation[] {
  return [instanceData(base), machineId(base), hostKeys(base), networkFiles(base, removeNetworkFiles), udevRules(base)];
}

function instanceData({ cloud }: UsedBase): Preparation {
  const named = cloud.filter(({ path }) => isPlainPath(path));
  const odd = cloud.length - named.length;
  return {
    check: "instance-id",
    ...(named.length > 0 && { done: "removed: everything in /var/lib/cloud" }),
    ...(odd > 0 && { left: `${odd} files in /var/lib/cloud whose names have unusual characters; remove them in the VM` }),
    // A directory with such a name in it would not be empty.
    edits: odd > 0 ? named.filter(({ isDirectory }) => !isDirectory).map(removal) : named.map(removal),
  };
}

function machineId({ texts, hasDbusMachineId }: UsedBase): Preparation {
  const path = "/etc/machine-id";
  const dbus = "/var/lib/dbus/machine-id";
  const isFilled = (texts[path] ?? "") !== "";
  const done = [...(isFilled ? [`emptied: ${path}`] : []), ...(hasDbusMachineId ? [`removed: ${dbus}`] : [])];
  return {
    check: "machine-id",
    ...(done.length > 0 && { done: done.join("; ") }),
    edits: [
      ...(isFilled ? [{ kind: "empty", path } as const] : []),
      ...(hasDbusMachineId ? [removal({ path: dbus, isDirectory: false })] : []),
    ],
  };
}

function hostKeys({ sshFiles }: UsedBase): Preparation {
  const keys = sshFiles.filter((name) => /^ssh_host_[\w.-]+$/.test(name)).map((name) => `/etc/ssh/${name}`);
  return {
    check: "host-keys",
    ...(keys.length > 0 && { done: `removed: ${keys.join(", ")}` }),
    edits: keys.map((path) => removal({ path, isDirectory: false })),
  };
}

function networkFiles({ texts, pinned }: UsedBase, removeNetworkFiles: boolean): Preparation {
  const paths = (some: typeof pinned): string[] => [...new Set(some.map(({ path }) => path))];
  const ifcfg = paths(pinned.filter(({ kind }) => kind === "ifcfg"));
  const others = paths(pinned.filter(({ kind }) => kind !== "ifcfg"));
  // Without this file ifupdown would read no other one either, cloud-init's included.
  const mayGo = others.filter((path) => path !== "/etc/network/interfaces" && isPlainPath(path));
  const removed = removeNetworkFiles ? mayGo : [];
  const left = others.filter((path) => !removed.includes(path));
  const done = [
    ...(ifcfg.length > 0 ? [`removed: the lines HWADDR and MACADDR in ${ifcfg.join(", ")}`] : []),
    ...(removed.length > 0 ? [`removed: ${removed.join(", ")}`] : []),
  ];
  const advice = removeNetworkFiles ? "remove those lines in the VM" : "`--remove-network-files` removes them";
  return {
    check: "mac-addresses",
    ...(done.length > 0 && { done: done.join("; ") }),
    ...(left.length > 0 && { left: `bound to a MAC: ${left.join(", ")}; ${advice}` }),
    edits: [
      ...ifcfg.map((path) => withoutLines(texts, path, /^\s*(?:HWADDR|MACADDR)\s*=/i)),
      ...removed.map((path) => removal({ path, isDirectory: false })),
    ],
  };
}

function udevRules({ texts, udevRules: paths }: UsedBase): Preparation {
  return {
    check: "udev-rules",
    ...(paths.length > 0 && { done: `removed: the rules that name cards by their MAC in ${paths.join(", ")}` }),
    edits: paths.map((path) => withoutLines(texts, path, /^[^#\n]*ATTR\{address\}==.*\bNAME\s*=/)),
  };
}

function removal({ path, isDirectory }: { readonly path: string; readonly isDirectory: boolean }): Edit {
  return { kind: "remove", path, isDirectory };
}

function withoutLines(texts: UsedBase["texts"], path: string, pattern: RegExp): Edit {
  const lines = (texts[path] ?? "").split("\n").filter((line) => !pattern.test(line));
  const text = lines.join("\n");
  return text === "" ? { kind: "empty", path } : { kind: "shorten", path, text };
}
