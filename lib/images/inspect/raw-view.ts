import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { isNodeError } from "../files.ts";
import type { DiskFormat } from "../image-format.ts";
import { convert } from "../qemu-img.ts";
import { missingPrograms, run } from "../programs.ts";

/** The bytes of a disk as a guest sees them, as a file. */
export interface RawView {
  readonly disk: string;
  /** A directory of ours, gone when the view is. */
  readonly work: string;
}

export interface RawViewOptions {
  readonly path: string;
  readonly format: DiskFormat;
  readonly signal?: AbortSignal;
}

/** FUSE answers within milliseconds; this is for a machine that is very busy. */
const patience = 10_000;

/**
 * Gives `work` a disk of any format as raw bytes, read-only. A raw disk is taken as it is; any other is shown by qemu-storage-daemon through FUSE in a mount namespace
 * of its own, which dies with us; without FUSE it is unpacked into a sparse file.
 *
 * @throws DiagnosticError IMAGE_IN_USE, IMAGE_DAMAGED, TOOL_MISSING (qemu-utils)
 */
export async function withRawView<T>({ path, format, signal }: RawViewOptions, work: (view: RawView) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), "terrarium-look-"));
  try {
    if (format === "raw") return await work({ disk: path, work: directory });
    const shown = await showThroughFuse(path, format, directory, signal);
    if (!shown) {
      const disk = join(directory, "copy");
      await convert(path, format, disk, "raw", signal);
      return await work({ disk, work: directory });
    }
    try {
      return await work({ disk: shown.disk, work: directory });
    } finally {
      await shown.end();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** @returns undefined where FUSE cannot be used */
async function showThroughFuse(
  path: string,
  format: DiskFormat,
  directory: string,
  signal?: AbortSignal,
): Promise<{ disk: string; end: () => Promise<void> } | undefined> {
  if (await missingPrograms(["qemu-storage-daemon", "unshare", "setpriv"])) return undefined;
  const point = join(directory, "disk");
  await writeFile(point, "");
  const asUser = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
  // JSON: a comma in a path is nothing special there.
  const nodes = [
    { driver: "file", "node-name": "file", filename: path, "read-only": true },
    { driver: format, "node-name": "disk", file: "file", "read-only": true },
  ];
  const shown = { type: "fuse", id: "view", "node-name": "disk", mountpoint: point, writable: false, "allow-other": "off" };
  const daemon = [
    "qemu-storage-daemon",
    ...nodes.flatMap((node) => ["--blockdev", JSON.stringify(node)]),
    ...["--export", JSON.stringify(shown)],
  ];
  const daemonProcess = run("unshare", [...asUser, "--mount", "--", "setpriv", "--pdeathsig", "KILL", "--", ...daemon], {
    cancelSignal: signal,
    reject: false,
  });
  const end = async (): Promise<void> => {
    daemonProcess.kill("SIGTERM");
    await daemonProcess;
  };
  // Nobody but that process has the mount: its view of the file system is the way in.
  const disk = `/proc/${daemonProcess.pid}/root${point}`;
  const deadline = Date.now() + patience;
  const state = { ended: false };
  void daemonProcess.then(() => (state.ended = true));
  while (!state.ended && Date.now() < deadline) {
    if ((await sizeOf(disk)) > 0) return { disk, end };
    await delay(3);
  }
  await end();
  signal?.throwIfAborted();
  return undefined;
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    // Not there yet, or no longer.
    if (isNodeError(error, "ENOENT", "ESRCH", "EACCES", "ENOTCONN", "EINVAL")) return 0;
    throw error;
  }
}
