import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { execa, type Options } from "execa";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";

/** The Debian/Ubuntu package of every program that images may need. */
const packageOf = {
  "qemu-img": "qemu-utils",
  xz: "xz-utils",
  flock: "util-linux",
  setpriv: "util-linux",
  unshare: "util-linux",
  mount: "mount",
  mmdebstrap: "mmdebstrap",
  extlinux: "extlinux",
  sfdisk: "fdisk",
  blkid: "util-linux",
  mke2fs: "e2fsprogs",
  debugfs: "e2fsprogs",
  e2fsck: "e2fsprogs",
  "qemu-storage-daemon": "qemu-system-common",
  "grub-fstest": "grub-common",
} as const;

export type Program = keyof typeof packageOf;

// mke2fs and sfdisk live where an ordinary user's PATH does not look.
const searchPath = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/local/sbin", "/usr/sbin", "/sbin"].filter(
  (entry) => entry !== "",
);

/** Environment of every program whose output we read: no translations, no local time. */
export const programEnvironment = { LC_ALL: "C", LANGUAGE: "C", TZ: "UTC", PATH: searchPath.join(delimiter) };

/**
 * Checks that programs are installed, all at once.
 *
 * @throws DiagnosticError TOOL_MISSING with the one command that installs what is missing
 */
export async function requirePrograms(programs: readonly Program[], purpose: string, path: readonly string[] = searchPath): Promise<void> {
  const missing = await missingPrograms(programs, path);
  if (!missing) return;
  throw new DiagnosticError({
    code: "TOOL_MISSING",
    severity: "error",
    summary: `${purpose} needs ${missing.programs.join(", ")}, which ${missing.programs.length === 1 ? "is" : "are"} not installed`,
    nextStep: missing.install,
  });
}

/** Programs that are not installed, and the command that installs them. */
export interface MissingPrograms {
  readonly programs: readonly Program[];
  /** A command line for the user. */
  readonly install: string;
}

/** @returns undefined if all are there */
export async function missingPrograms(
  programs: readonly Program[],
  path: readonly string[] = searchPath,
): Promise<MissingPrograms | undefined> {
  const found = await Promise.all(programs.map((program) => isInstalled(program, path)));
  const missing = programs.filter((_, index) => found[index] !== true);
  if (missing.length === 0) return undefined;
  const packages = [...new Set(missing.map((program) => packageOf[program]))].sort();
  return { programs: missing, install: `apt-get install -y --no-install-recommends ${packages.join(" ")}` };
}

async function isInstalled(program: Program, path: readonly string[]): Promise<boolean> {
  for (const directory of path) {
    const executable = await access(join(directory, program), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (executable) return true;
  }
  return false;
}

/** Runs a program, no shell. Its failure is `ExecaError`; the caller says what it means. */
export function run(program: string, args: readonly string[], options: Options = {}): ReturnType<typeof execa> {
  return execa(program, args, { stdin: "ignore", ...options, env: { ...programEnvironment, ...options.env } });
}

/**
 * Puts a command into mount and process namespaces of its own: whatever it mounts or starts is gone when it ends, also when it or we are
 * killed (the parent's death kills `unshare`, whose death kills everything inside). Needs root.
 */
export function inPrivateNamespace(command: readonly string[]): [program: string, args: string[]] {
  const wrapper = ["--pdeathsig", "KILL", "--", "unshare", "--mount", "--pid", "--fork", "--kill-child=KILL", "--mount-proc", "--"];
  return ["setpriv", [...wrapper, ...command]];
}

/** What a failed program said last: for `detail`. */
export function lastWords(error: unknown, lines = 12): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const said = "stderr" in error && typeof error.stderr === "string" && error.stderr !== "" ? error.stderr : error.message;
  return said.trimEnd().split("\n").slice(-lines).join("\n");
}
