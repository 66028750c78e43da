import { open, rm } from "node:fs/promises";
import { execa } from "execa";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import type { VirtualBox } from "./host.ts";

/** Large images on slow disks. */
const timeout = 30 * 60_000;

/** Formats that VBoxManage reads itself. */
type Format = "qcow2" | "vmdk" | "vdi" | "vhd" | "raw";

/** What a disk image is, by its first bytes. Pure. */
export function diskFormat(header: Uint8Array): Format {
  const text = Buffer.from(header).toString("latin1");
  if (text.startsWith("QFI\u00fb")) return "qcow2";
  if (text.startsWith("KDMV") || text.startsWith("# Disk DescriptorFile")) return "vmdk";
  if (text.startsWith("conectix")) return "vhd";
  // Signature 0xBEDA107F at 0x40.
  if (header.length >= 0x44 && Buffer.from(header).readUInt32LE(0x40) === 0xbeda107f) return "vdi";
  return "raw";
}

/**
 * Makes a VDI of an image. VBoxManage reads qcow2 (also compressed with zlib), VMDK and VHD itself; qemu-img is taken where it is installed for what VBoxManage cannot (zstd) or does slowly (raw).
 *
 * @param target does not exist
 */
export async function convertToVdi({ vbox }: VirtualBox, file: string, target: string): Promise<void> {
  const format = diskFormat(await head(file));
  if (format === "raw" && (await withQemuImg(file, format, target))) return;
  if (format === "raw") {
    await vbox.run(["convertfromraw", file, target, "--format", "VDI"], { timeout });
    return;
  }
  try {
    await vbox.run(["clonemedium", "disk", file, target, "--format", "VDI"], { timeout });
  } catch (error) {
    if (!(error instanceof DiagnosticError) || error.diagnostics[0]?.code !== "DISK_FORMAT") throw error;
    await rm(target, { force: true });
    if (!(await withQemuImg(file, format, target))) throw error;
  } finally {
    // Both are registered by the clone, and the source is none of ours.
    await vbox.tryRun(
      ["closemedium", "disk", file],
      ["OBJECT_NOT_FOUND", "DISK_MISSING", "DISK_FORMAT", "DISK_IN_USE", "HYPERVISOR_FAILED"],
    );
  }
}

/** False if qemu-img is not installed. */
async function withQemuImg(file: string, format: Format, target: string): Promise<boolean> {
  const result = await execa("qemu-img", ["convert", "-f", format, "-O", "vdi", file, target], {
    reject: false,
    detached: true,
    cleanup: false,
    stdin: "ignore",
    timeout,
    env: { LC_ALL: "C", LANGUAGE: "C", TZ: "UTC" },
  });
  if (result.code === "ENOENT") return false;
  if (!result.failed) return true;
  await rm(target, { force: true });
  const full = /No space left on device/.test(result.stderr);
  throw new DiagnosticError({
    code: full ? "DISK_FULL" : "DISK_FORMAT",
    severity: "error",
    summary: full ? `no space left for ${target}` : `${file} cannot be converted to VirtualBox's format`,
    detail: result.stderr,
    nextStep: full ? "Free some space on the host, then repeat." : "Check it: qemu-img check FILE",
  });
}

async function head(path: string): Promise<Uint8Array> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(512), 0, 512, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
