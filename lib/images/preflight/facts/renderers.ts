import type { GuestTree } from "../../inspect/guest-tree.ts";
import { cloudSetting } from "./cloud-config.ts";
import { hasEntry, hasProgram } from "./tree-questions.ts";

// cloud-init's own order (cloudinit/net/renderers.py), and the tests by which each of them finds itself usable.
const renderers: readonly (readonly [name: string, isThere: (tree: GuestTree) => boolean])[] = [
  ["eni", (tree) => programs(tree, "ifquery", "ifup", "ifdown") && hasEntry(tree, "/etc/network", "interfaces")],
  [
    "sysconfig",
    (tree) =>
      (programs(tree, "ifup", "ifdown") &&
        (hasEntry(tree, "/etc/sysconfig/network-scripts", "network-functions") || hasEntry(tree, "/etc/sysconfig", "config"))) ||
      (programs(tree, "nmcli") && tree.directories["/etc/sysconfig/network-scripts"] !== undefined),
  ],
  ["netplan", (tree) => programs(tree, "netplan")],
  ["network-manager", (tree) => programs(tree, "nmcli") && hasEntry(tree, "/etc/NetworkManager", "NetworkManager.conf")],
  ["networkd", (tree) => programs(tree, "ip", "systemctl", "networkctl")],
];

/** Renderers that the image has, in the order in which its cloud-init tries them. */
export function readRenderers(tree: GuestTree): string[] {
  const there = renderers.filter(([, isThere]) => isThere(tree)).map(([name]) => name);
  const wanted = cloudSetting(tree, "system_info", "network", "renderers")?.value;
  return Array.isArray(wanted) ? wanted.map(String).filter((name) => there.includes(name)) : there;
}

function programs(tree: GuestTree, ...names: readonly string[]): boolean {
  return names.every((name) => hasProgram(tree, name));
}
