import type { TextFile } from "./network-files.ts";

/** Folders of kernel settings; the last file that says something counts, by name of the file. */
export const sysctlFolders = ["/etc/sysctl.d", "/run/sysctl.d", "/usr/lib/sysctl.d"] as const;
export const sysctlFile = "/etc/sysctl.conf";

/** Files that switch the forwarding of IPv4 off for good: whenever settings are loaded. Pure. */
export function filesThatSwitchForwardingOff(files: readonly TextFile[]): string[] {
  const keys = new Set(["net.ipv4.ip_forward", "net/ipv4/ip_forward", "net.ipv4.conf.all.forwarding", "net/ipv4/conf/all/forwarding"]);
  let last: { readonly path: string; readonly off: boolean } | undefined;
  const names = files.map(nameOf);
  // A file hides those of the same name in later folders.
  const effective = files.filter((file, index) => names.indexOf(nameOf(file)) === index);
  for (const { path, text } of effective.toSorted((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1))) {
    for (const line of text.split("\n")) {
      const [, key = "", value] = /^\s*-?([\w./]+)\s*=\s*(\d+)\s*$/.exec(line) ?? [];
      if (keys.has(key)) last = { path, off: value === "0" };
    }
  }
  return last?.off ? [last.path] : [];
}

/** /etc/sysctl.conf is loaded last. */
function nameOf({ path }: TextFile): string {
  return path === sysctlFile ? "\uffff" : (path.split("/").at(-1) ?? "");
}

/** Blocks in VirtualBox's networks.conf: lines `* 10.0.0.0/8 192.168.56.0/21`. `undefined`: it allows all. Pure. */
export function readHostOnlyBlocks(text: string): string[] | undefined {
  const lines = text.split("\n").filter((line) => line.trim().startsWith("*"));
  const blocks = lines.flatMap((line) => line.trim().slice(1).trim().split(/\s+/)).filter((block) => block.includes("."));
  return blocks.some((block) => /^0\.0\.0\.0\/0$/.test(block)) ? undefined : blocks;
}

/** What VirtualBox allows where there is no networks.conf, on systems other than Windows. */
export const defaultHostOnlyBlocks = ["192.168.56.0/21"];
