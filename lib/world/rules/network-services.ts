import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { WorldCheck } from "../own-world.ts";
import type { NetworkFile } from "../world.ts";

/** Checks that no network service of the machine takes hold of a bridge of ours: it would give it other addresses, or take ours away. Pure. */
export function checkNetworkServices({ lab, world, networks }: WorldCheck): Diagnostic[] {
  if (lab.hypervisor !== "kvm") return [];
  const found = new Map<NetworkFile, string[]>();
  for (const { bridge, mode } of networks) {
    if (bridge === undefined || mode === "bridged") continue;
    for (const service of ["systemd-networkd", "NetworkManager"] as const) {
      const file = world.networkFiles.find((one) => one.service === service && namesMatch(one.names, bridge));
      if (file && !file.unmanaged) found.set(file, [...(found.get(file) ?? []), bridge]);
    }
  }
  return [...found].map(([{ service, file, names }, bridges]) => ({
    code: "INTERFACE_GRABBED",
    severity: "warning",
    summary: `${service} on host "${world.host}" takes hold of ${bridges.join(", ")}: ${file} is for ${names.includes("*") ? "every bridge" : names.join(", ")}`,
    nextStep: remedies[service],
  }));
}

const remedies = {
  "systemd-networkd":
    'Write /etc/systemd/network/05-terrarium.network with the four lines "[Match]", "Name=trm-*", "[Link]", "Unmanaged=yes", and run: sudo networkctl reload',
  NetworkManager:
    'Write /etc/NetworkManager/conf.d/terrarium.conf with the two lines "[keyfile]", "unmanaged-devices=interface-name:trm-*", and run: sudo nmcli general reload',
} as const;

/** systemd's rule, and NetworkManager's: one pattern matches and none of the excepted does. */
function namesMatch(patterns: readonly string[], name: string): boolean {
  const excepted = patterns.filter((pattern) => pattern.startsWith("!")).map((pattern) => pattern.slice(1));
  const meant = patterns.filter((pattern) => !pattern.startsWith("!"));
  return (meant.length === 0 || meant.some((one) => glob(one, name))) && !excepted.some((one) => glob(one, name));
}

function glob(pattern: string, name: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  try {
    return new RegExp(`^${source}$`).test(name);
  } catch (error) {
    // A bracket that never ends is no pattern for systemd either.
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
