import { open } from "node:fs/promises";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import type { SandboxRecord } from "../hypervisor.ts";
import { readDomains } from "./list-domains.ts";
import type { Virsh } from "./virsh.ts";

/** Reads the end of the log that `<serial><log file=…/>` names. libvirt writes it 0600 root, on the host. */
export async function readConsoleTail(virsh: Virsh, id: string, maxBytes: number, logDirectory: string): Promise<Buffer> {
  const [domain] = await readDomains(virsh, [id], new Set());
  const file = domain?.consoleLog;
  if (file === undefined)
    throw unreadable(`sandbox ${domain?.name ?? id} has no console log`, "Its console is still there: `terrarium console NAME`.");
  if (/^qemu\+(ssh|libssh2?|tls|tcp):/.test(virsh.uri)) {
    throw unreadable(`the console log is on another machine: ${file} at ${virsh.uri}`, "Read it there, or use `terrarium console NAME`.");
  }
  try {
    const handle = await open(onThisMachine(file, logDirectory), "r");
    try {
      const { size } = await handle.stat();
      const buffer = Buffer.alloc(Math.min(size, maxBytes));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, size - buffer.length);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Made at the first start.
    if (code === "ENOENT") return Buffer.alloc(0);
    if (code === "EACCES" || code === "EPERM") {
      throw unreadable(`only root can read the console log ${file}`, "Repeat the command with sudo, or use `terrarium console NAME`.");
    }
    throw error;
  }
}

/** Path on this machine of a sandbox's console log; undefined if it has none. */
export function consoleFileHere(domains: readonly SandboxRecord[], id: string, logDirectory: string): string | undefined {
  const file = domains.find((domain) => domain.id === id)?.consoleLog;
  return file === undefined ? undefined : onThisMachine(file, logDirectory);
}

function onThisMachine(file: string, logDirectory: string): string {
  return file.replace(/^\/var\/log\/libvirt(?=\/)/, () => logDirectory);
}

function unreadable(summary: string, nextStep: string): DiagnosticError {
  return new DiagnosticError({ code: "CONSOLE_UNREADABLE", severity: "error", summary, nextStep });
}
