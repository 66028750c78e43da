import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import { diskFull } from "./disk-full.ts";
import { dirname } from "node:path";
import type { DiskFormat } from "./image-format.ts";
import { lastWords, requirePrograms, run } from "./programs.ts";

/** Checks a standalone qcow2 image for damage. @returns the size that a guest sees, in bytes */
export async function checkQcow2(path: string, signal?: AbortSignal): Promise<number> {
  await requirePrograms(["qemu-img"], "looking into an image");
  // -f: a file that is not qcow2 after all must fail, not be taken for raw.
  const info = await qemuImg(["info", "-f", "qcow2", "--output", "json", path], path, signal);
  refuseParts(path, info);
  await qemuImg(["check", "-q", "-f", "qcow2", path], path, signal);
  return (JSON.parse(info) as { "virtual-size": number })["virtual-size"];
}

/** What QEMU itself sees of other files and of encryption, in case our own look at the header missed it. */
function refuseParts(path: string, info: string): void {
  const known = JSON.parse(info) as { "backing-filename"?: string; encrypted?: boolean };
  if (known["backing-filename"] === undefined && known.encrypted !== true) return;
  throw new DiagnosticError({
    code: known.encrypted === true ? "IMAGE_ENCRYPTED" : "IMAGE_NOT_STANDALONE",
    severity: "error",
    summary: known.encrypted === true ? `${path} is encrypted` : `${path} has a backing file: it is only a part of a disk`,
    nextStep: `Make a plain, single file of it: qemu-img convert -O qcow2 ${path} standalone.qcow2, and use that.`,
  });
}

/** Copies a disk of any format that we know into a standalone qcow2 file. */
export async function convertToQcow2(from: string, format: DiskFormat, to: string, signal?: AbortSignal): Promise<void> {
  await convert(from, format, to, "qcow2", signal);
}

/** Copies a disk into another format; a raw copy is sparse. */
export async function convert(
  from: string,
  format: DiskFormat,
  to: string,
  toFormat: "qcow2" | "raw",
  signal?: AbortSignal,
): Promise<void> {
  await requirePrograms(["qemu-img"], "converting an image");
  if (format !== "raw") refuseParts(from, await qemuImg(["info", "-f", format, "--output", "json", from], from, signal));
  await qemuImg(["convert", "-f", format, "-O", toFormat, from, to], from, signal, dirname(to));
}

async function qemuImg(args: readonly string[], image: string, signal?: AbortSignal, target?: string): Promise<string> {
  try {
    const { stdout } = await run("qemu-img", args, { cancelSignal: signal });
    return String(stdout);
  } catch (error) {
    signal?.throwIfAborted();
    const said = lastWords(error) ?? "";
    if (/No space left on device|Disk quota exceeded/.test(said) && target !== undefined) throw diskFull(target, undefined, error);
    if (/Failed to get (shared )?".*" lock|Is another process using the image/.test(said)) {
      throw new DiagnosticError(
        {
          code: "IMAGE_IN_USE",
          severity: "error",
          summary: `${image} is in use by a running VM, so what it holds changes`,
          nextStep: "Shut that VM down, or copy its disk first.",
        },
        { cause: error },
      );
    }
    throw damaged(image, said, error);
  }
}

function damaged(image: string, detail: string, cause?: unknown): DiagnosticError {
  return new DiagnosticError(
    {
      code: "IMAGE_DAMAGED",
      severity: "error",
      summary: `${image} cannot be read as a disk image`,
      detail,
      nextStep: "Copy or download it again; qemu-img check FILE says more.",
    },
    { cause },
  );
}
