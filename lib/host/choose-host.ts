import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import { classifyVirshError } from "../hypervisor/kvm/virsh-error.ts";
import { runProgram } from "../hypervisor/program.ts";
import { checkPrerequisites, isInstalled } from "./prerequisites.ts";
import { hasErrors } from "../diagnostics/diagnostic.ts";

/** Which host a lab's `uri` means. */
export type HostChoice = { readonly kind: "libvirt"; readonly uri: string } | { readonly kind: "embedded"; readonly name: string };

export interface ChooseOptions {
  /** As in the lab: `embedded`, `embedded:NAME`, or a libvirt URI. @default - the system's libvirtd, else `embedded` */
  readonly uri?: string;
  /** The host's name in the lab, which an embedded host takes over. @default "local" */
  readonly name?: string;
}

export const systemUri = "qemu:///system";

/**
 * Decides which host is meant. Starts nothing. Without a `uri`: the system's libvirtd if it answers, else `embedded` if it can run here.
 *
 * @throws DiagnosticError HOST_URI_INVALID, HOST_NONE, HOST_DENIED
 */
export async function chooseHost({ uri, name = "local" }: ChooseOptions = {}): Promise<HostChoice> {
  if (uri !== undefined) return parseHostUri(uri, name);
  const virsh = await runProgram("virsh", ["-q", "-c", systemUri, "uri"], { timeout: 5000 });
  if (virsh.exitCode === 0) return { kind: "libvirt", uri: systemUri };
  const embedded = await checkPrerequisites();
  if (!hasErrors(embedded)) return { kind: "embedded", name };
  const denied = !virsh.missing && classifyVirshError(virsh.stderr) === "HOST_DENIED";
  if (denied) {
    throw new DiagnosticError({
      code: "HOST_DENIED",
      severity: "error",
      summary: "this machine's libvirtd refuses this user, and an embedded host is for root only",
      nextStep: "Run: sudo adduser $USER libvirt (then log in again), or repeat the command with sudo.",
    });
  }
  if (process.platform === "linux" && (await isInstalled("libvirtd")) && process.getuid?.() !== 0) {
    throw new DiagnosticError({
      code: "HOST_NONE",
      severity: "error",
      summary: "libvirtd is installed, but does not run, and only root can run an embedded host",
      nextStep: "Run: sudo systemctl start libvirtd, or repeat the command with sudo.",
    });
  }
  throw new DiagnosticError([
    {
      code: "HOST_NONE",
      severity: "error",
      summary: "no libvirtd answers on this machine, and an embedded host cannot run here",
      nextStep: embedded[0]?.nextStep ?? "",
    },
    ...embedded,
  ]);
}

/**
 * Reads a host's URI. Pure.
 *
 * @throws DiagnosticError HOST_URI_INVALID
 */
export function parseHostUri(uri: string, name: string): HostChoice {
  const embedded = /^embedded(?::(.*))?$/.exec(uri);
  if (embedded) return { kind: "embedded", name: embedded[1] ?? name };
  if (/^qemu(\+[a-z0-9]+)?:\/\/[^\s]*\/(system|session)(\?[^\s#]*)?$/.test(uri)) return { kind: "libvirt", uri };
  throw new DiagnosticError({
    code: "HOST_URI_INVALID",
    severity: "error",
    summary: `expected "embedded" or a libvirt URI, got ${JSON.stringify(uri)}`,
    nextStep: "Write `qemu:///system`, `qemu+ssh://USER@MACHINE/system`, `qemu:///system?socket=PATH` or `embedded`.",
  });
}
