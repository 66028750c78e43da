import { existsSync, readFileSync } from "node:fs";
import { mkdir, realpath } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import { readIfThere } from "./files.ts";
import { layoutOf, type Layout } from "./layout.ts";
import { parseMachineList } from "./lists.ts";
import { locateVBoxManage, toWindowsPath, toWslPath, virtualboxHome, type Place } from "./locate.ts";
import { readMachineFile, type Machine } from "./machine-file.ts";
import type { Media } from "./media-registry.ts";
import { readRegistry, type Registry } from "./registry.ts";
import { isWindowsFromLinux, programMissing, VBoxManage } from "./vboxmanage.ts";

export interface VirtualBoxOptions {
  /** VBoxManage. @default - found: `VBOX_MANAGE_PATH`, the search path, where installers put it */
  readonly program?: string;
  /** Where Terrarium keeps disks, seeds, consoles and settings. @default ~/.terrarium/virtualbox */
  readonly directory?: string;
  /** Where it keeps base images. @default - the environment's `BASE_IMAGE_DIR`, else `images` in `directory` */
  readonly imagesDirectory?: string;
  /** Further environment of VBoxManage: `VBOX_USER_HOME` and `VBOX_IPC_SOCKETID` together make a daemon and a registry of their own. @default {} */
  readonly environment?: Readonly<Record<string, string>>;
  /** Milliseconds for one call of VBoxManage. Copying images has a timeout of its own. @default 120000 */
  readonly timeout?: number;
}

/** One VirtualBox installation as one user sees it: the program, its files and ours. */
export interface VirtualBox {
  readonly vbox: VBoxManage;
  readonly layout: Layout;
  /** Folder of VirtualBox.xml. */
  readonly home: string;
}

/** Everything that VirtualBox's files say at one moment. */
export interface View extends Registry {
  /** All registered machines whose settings can be read, base images among them. */
  readonly all: readonly Machine[];
  /** Those whose settings are gone: VirtualBox calls them inaccessible. */
  readonly inaccessible: readonly { readonly id: string; readonly file: string }[];
  readonly allMedia: Media;
}

/** Finds the program and the folders. @throws DiagnosticError TOOL_MISSING */
export async function openVirtualBox({
  program,
  directory,
  imagesDirectory,
  environment = {},
  timeout,
}: VirtualBoxOptions): Promise<VirtualBox> {
  const place: Place = { platform: process.platform, env: { ...process.env, ...environment }, exists: existsSync, wsl: isWsl() };
  const found = program ?? locateVBoxManage(place);
  const home = virtualboxHome(place, homedir());
  if (found === undefined) throw programMissing(undefined);
  if (home === undefined) {
    throw new DiagnosticError({
      code: "HOST_UNREACHABLE",
      severity: "error",
      summary: "VirtualBox's configuration folder is on the Windows side, and nothing says where",
      nextStep: "Set VBOX_USER_HOME to it, as seen from here: /mnt/c/Users/NAME/.VirtualBox",
    });
  }
  const ours = directory ?? join(homedir(), ".terrarium", "virtualbox");
  await mkdir(ours, { recursive: true, mode: 0o700 });
  const images = imagesDirectory ?? place.env["BASE_IMAGE_DIR"];
  if (images !== undefined && images !== "") await mkdir(images, { recursive: true, mode: 0o700 });
  // VirtualBox names files without symbolic links; compared with ours, they must look the same.
  const layout = layoutOf(await realpath(ours), images === undefined || images === "" ? undefined : await realpath(images));
  if (isWindowsFromLinux(found) && [layout.directory, layout.images].some((path) => toWindowsPath(path) === undefined)) {
    throw new DiagnosticError({
      code: "SYSTEM_REFUSED",
      severity: "error",
      summary: `VirtualBox on Windows cannot reach ${layout.directory}, which is inside WSL`,
      nextStep: "Run from a home on a Windows drive, for example: HOME=/mnt/c/Users/NAME terrarium …",
    });
  }
  return { vbox: new VBoxManage(found, { timeout, environment }), layout, home };
}

/** Reads the registry and every machine's settings: no process, no lock. */
export async function readView({ vbox, home }: VirtualBox): Promise<View> {
  const file = join(home, "VirtualBox.xml");
  const registry = await readSettings(file, readRegistry);
  if (registry === undefined && parseMachineList(await vbox.run(["list", "vms"])).length > 0 && (await readIfThere(file)) === undefined) {
    throw new DiagnosticError({
      code: "HOST_UNREACHABLE",
      severity: "error",
      summary: `VirtualBox knows machines, and there is no ${file}`,
      nextStep: "Set VBOX_USER_HOME to VirtualBox's configuration folder, the one with VirtualBox.xml.",
    });
  }
  const known = registry ?? readRegistry("", file);
  // From WSL, what Windows' VirtualBox has written names Windows' paths.
  const here = isWindowsFromLinux(vbox.program) ? toWslPath : (path: string): string => path;
  const entries = known.machines.map(({ id, file: settings }) => ({ id, file: here(settings) }));
  const read = await Promise.all(entries.map(async (entry) => ({ entry, machine: await readSettings(entry.file, readMachineFile) })));
  const all = read.flatMap(({ machine }) => (machine ? [machine] : []));
  return {
    ...known,
    all,
    inaccessible: read.filter(({ machine }) => machine === undefined).map(({ entry }) => entry),
    machines: entries,
    allMedia: new Map(
      [known.media, ...all.map(({ media }) => media)].flatMap((media) =>
        [...media.values()].map((medium) => [medium.id, { ...medium, location: here(medium.location) }]),
      ),
    ),
  };
}

/**
 * A settings file, or undefined if there is none. While VBoxSVC replaces it, it is away for a moment, or not whole: then we look again. A folder that is away stays away.
 *
 * @throws Error for one that stays unreadable
 */
async function readSettings<T>(file: string, read: (text: string, file: string) => T): Promise<T | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    const text = await readIfThere(file);
    if (text === undefined && (attempt === 15 || !existsSync(dirname(file)))) return undefined;
    try {
      if (text !== undefined) return read(text, file);
    } catch (error) {
      if (attempt === 15) throw error;
    }
    await sleep(20);
  }
}

function isWsl(): boolean {
  if (process.platform !== "linux" || !existsSync("/proc/sys/kernel/osrelease")) return false;
  return /microsoft/i.test(readFileSync("/proc/sys/kernel/osrelease", "utf8"));
}
