import type { GuestTree } from "../../inspect/guest-tree.ts";
import type { Base, PinnedFile } from "../base.ts";
import { textsIn } from "./tree-questions.ts";

const mac = /\b[0-9a-f]{2}(?::[0-9a-f]{2}){5}\b/gi;

/** Where each kind of network file lies, and the lines of it that bind it to a card. */
const kinds: readonly (readonly [kind: PinnedFile["kind"], directory: string, lines: RegExp])[] = [
  ["ifcfg", "/etc/sysconfig/network-scripts", /^\s*(?:HWADDR|MACADDR)\s*=.*$/gim],
  ["networkd", "/etc/systemd/network", /^\s*(?:PermanentMACAddress|MACAddress)\s*=.*$/gim],
  ["netplan", "/etc/netplan", /^.*\bmacaddress:.*$/gim],
  ["NetworkManager", "/etc/NetworkManager/system-connections", /^\s*(?:mac-address|cloned-mac-address)\s*=.*$/gim],
  ["ifupdown", "/etc/network", /^\s*(?:hwaddress|iface|auto|allow-\w+|rename)\b.*$/gim],
  ["ifupdown", "/etc/network/interfaces.d", /^\s*(?:hwaddress|iface|auto|allow-\w+|rename)\b.*$/gim],
];

/** Network files that only fit the cards of the machine they were written on. */
export function readPinnedFiles(tree: GuestTree): Base["network"] {
  const pinned = kinds.flatMap(([kind, directory, lines]) =>
    textsIn(tree, directory).flatMap(([path, text]): PinnedFile[] => {
      const macs = [...text.matchAll(lines)].flatMap(([line]) => withoutComment(line).match(mac) ?? []);
      return macs.length === 0 ? [] : [{ path, kind, macs: [...new Set(macs.map((found) => found.toLowerCase()))] }];
    }),
  );
  const udevRules = textsIn(tree, "/etc/udev/rules.d")
    .filter(([, text]) => /^[^#\n]*ATTR\{address\}==.*\bNAME\s*=/m.test(text))
    .map(([path]) => path);
  return { pinned, udevRules };
}

function withoutComment(line: string): string {
  return line.replace(/(^|\s)#.*$/, "");
}
