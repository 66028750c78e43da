import { access } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { whyNoVirtualBox } from "../test/fixtures/virtualbox/install.ts";

/** Why a tier cannot run on this machine; undefined: it can, so it must. */
export async function whyNot(project: string): Promise<string | undefined> {
  if (project === "virtualbox") return await whyNoVirtualBox();
  if (project !== "libvirt") return undefined;
  if (process.platform !== "linux") return "libvirt needs Linux";
  if (process.getuid?.() !== 0) return "an embedded host needs root: run it with sudo";
  for (const program of ["libvirtd", "qemu-system-x86_64", "qemu-img", "dnsmasq", "ip", "nsenter"]) {
    if (!(await isInstalled(program))) return `${program} is not installed`;
  }
  return undefined;
}

/** What of a tier that runs cannot be shown here; undefined: nothing. */
export async function whatIsMissing(project: string): Promise<string | undefined> {
  if (project === "virtualbox")
    return (await exists("/dev/vboxdrv")) ? undefined : "without VirtualBox's kernel driver no guest runs: there is no /dev/vboxdrv";
  if (project !== "libvirt" || (await hasLibvirtProvider())) return undefined;
  return "without the Terraform provider dmacvicar/libvirt 0.9.7 in Terraform's plugin directory, labs on it are skipped";
}

/** True if Terraform finds the libvirt provider without a registry. */
export async function hasLibvirtProvider(): Promise<boolean> {
  return exists(join(homedir(), ".terraform.d/plugins/registry.terraform.io/dmacvicar/libvirt/0.9.7/linux_amd64"));
}

async function isInstalled(program: string): Promise<boolean> {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  return (await Promise.all(folders.map((folder) => exists(join(folder, program))))).includes(true);
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error) return false;
    throw error;
  }
}
