import type { Forwarding, ListeningSocket } from "../world.ts";

/** Files of the kernel that say what a network namespace has; read in one process, inside of it. */
export const kernelFiles = [
  "/proc/net/ip_tables_names",
  "/proc/sys/net/ipv4/ip_forward",
  "/proc/sys/net/ipv6/conf/all/forwarding",
  "/proc/sys/net/bridge/bridge-nf-call-iptables",
] as const;

export type KernelFiles = ReadonlyMap<string, readonly string[]>;

/** Lines by file, from what `grep -H ""` prints. Pure. */
export function readKernelFiles(output: string): KernelFiles {
  const files = new Map<string, string[]>();
  for (const line of output.split("\n")) {
    const file = kernelFiles.find((name) => line.startsWith(`${name}:`));
    if (file === undefined) continue;
    const text = line.slice(file.length + 1);
    const lines = files.get(file);
    if (lines) lines.push(text);
    else files.set(file, [text]);
  }
  return files;
}

/** States in /proc/net/tcp and /proc/net/udp: a TCP socket that listens, and a UDP socket that is not connected. */
const waiting = { tcp: "0A", udp: "07" } as const;

/** Files in which the kernel lists sockets: those of the machine's own network, in which ports are forwarded, whatever network a host's sandboxes are in. */
export const socketFiles = ["/proc/net/tcp", "/proc/net/tcp6", "/proc/net/udp", "/proc/net/udp6"] as const;

/** Sockets that wait for somebody, from the lines of those files. Pure. */
export function readSockets(files: ReadonlyMap<string, readonly string[]>): ListeningSocket[] {
  const sockets = socketFiles.flatMap((name) => {
    const protocol = name.includes("tcp") ? "tcp" : "udp";
    return (files.get(name) ?? []).slice(1).flatMap((line): ListeningSocket[] => {
      const [, local = "", , state] = line.trim().split(/\s+/);
      const [address = "", port = ""] = local.split(":");
      if (state !== waiting[protocol]) return [];
      return [{ protocol, address: hexAddress(address), port: Number.parseInt(port, 16) }];
    });
  });
  const unique = new Map(sockets.map((socket) => [`${socket.protocol} ${socket.address} ${socket.port}`, socket]));
  return [...unique.values()];
}

/** The kernel prints addresses as 32-bit words in the machine's order; all that run libvirt or VirtualBox here are little-endian. */
function hexAddress(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => (word.match(/../g) ?? []).reverse().map((byte) => Number.parseInt(byte, 16)));
  if (bytes.length === 4) return bytes.join(".");
  if (bytes.every((byte) => byte === 0)) return "::";
  const mapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  if (mapped) return bytes.slice(12).join(".");
  return Array.from({ length: 8 }, (_, index) => (((bytes[2 * index] ?? 0) << 8) | (bytes[2 * index + 1] ?? 0)).toString(16)).join(":");
}

export function readForwarding(files: KernelFiles, offIn: readonly string[]): Forwarding {
  const flag = (file: (typeof kernelFiles)[number]): boolean | undefined => {
    const value = files.get(file)?.[0];
    return value === undefined ? undefined : value.trim() !== "0";
  };
  const [ipv4, ipv6] = [flag("/proc/sys/net/ipv4/ip_forward"), flag("/proc/sys/net/ipv6/conf/all/forwarding")];
  return {
    ...(ipv4 !== undefined && { ipv4 }),
    ...(ipv6 !== undefined && { ipv6 }),
    bridgeFiltered: flag("/proc/sys/net/bridge/bridge-nf-call-iptables") === true,
    offIn,
  };
}
