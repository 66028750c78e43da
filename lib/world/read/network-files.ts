import { basename } from "node:path/posix";
import type { NetworkFile } from "../world.ts";

/** A text with its path. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** Folders of systemd-networkd; a file hides those of the same name in later ones. */
export const networkdFolders = ["/etc/systemd/network", "/run/systemd/network", "/usr/lib/systemd/network"] as const;
export const networkManagerFolders = {
  connections: [
    "/etc/NetworkManager/system-connections",
    "/run/NetworkManager/system-connections",
    "/usr/lib/NetworkManager/system-connections",
  ],
  settings: ["/etc/NetworkManager/conf.d", "/run/NetworkManager/conf.d", "/usr/lib/NetworkManager/conf.d"],
} as const;

/** Keys of `[Match]` that a bridge of ours meets, or that say nothing about which interface it is. */
const kinds = new Set(["Type", "Kind"]);

/**
 * systemd-networkd's `.network` files that could be meant for a bridge, in the order in which it takes them: by name, the first that matches. Pure.
 *
 * @param files those of earlier folders first
 */
export function readNetworkdFiles(files: readonly TextFile[]): NetworkFile[] {
  const effective = new Map<string, TextFile>();
  for (const file of files) {
    const name = basename(file.path);
    if (name.endsWith(".network") && !effective.has(name)) effective.set(name, file);
  }
  const sorted = [...effective].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, file]) => file);
  return sorted.flatMap(({ path, text }): NetworkFile[] => {
    const match = sectionsOf(text).get("Match");
    if (match === undefined) return [];
    const others = [...match.keys()].filter((key) => key !== "Name" && !kinds.has(key));
    const isForBridges = [...kinds].every((key) => match.get(key)?.split(/\s+/).includes("bridge") ?? true);
    if (others.length > 0 || !isForBridges) return [];
    const unmanaged = /^(yes|true|1|on)$/i.test(sectionsOf(text).get("Link")?.get("Unmanaged") ?? "");
    return [{ service: "systemd-networkd", file: path, names: match.get("Name")?.split(/\s+/) ?? ["*"], unmanaged }];
  });
}

/** What NetworkManager's settings leave alone, and then its connections that name an interface. Pure. */
export function readNetworkManagerFiles(settings: readonly TextFile[], connections: readonly TextFile[]): NetworkFile[] {
  const left = settings.flatMap(({ path, text }): NetworkFile[] => {
    const devices = sectionsOf(text).get("keyfile")?.get("unmanaged-devices") ?? "";
    const names = [...devices.matchAll(/interface-name:=?([^;,\s]+)/g)].map(([, name = ""]) => name);
    return names.length === 0 ? [] : [{ service: "NetworkManager", file: path, names, unmanaged: true }];
  });
  const held = connections.flatMap(({ path, text }): NetworkFile[] => {
    const sections = sectionsOf(text);
    const matched = sections.get("match")?.get("interface-name")?.split(/[;,]/) ?? [];
    const names = [sections.get("connection")?.get("interface-name"), ...matched].filter((name) => name !== undefined && name !== "");
    return names.length === 0 ? [] : [{ service: "NetworkManager", file: path, names: names.map((name) => name ?? ""), unmanaged: false }];
  });
  return [...left, ...held];
}

/** The form of both: `[Section]` and `Key=value`. Of a key that stands twice, systemd takes both values. */
function sectionsOf(text: string): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let current = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [, section] = /^\s*\[(.+)\]\s*$/.exec(line) ?? [];
    if (section !== undefined) {
      current = sections.get(section) ?? new Map<string, string>();
      sections.set(section, current);
    }
    const [, key, value] = /^\s*([^#;=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (key === undefined || value === undefined) continue;
    const before = current.get(key);
    current.set(key, before === undefined ? value : `${before} ${value}`);
  }
  return sections;
}
