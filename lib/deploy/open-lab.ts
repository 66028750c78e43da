import { dirname, isAbsolute, join, resolve } from "node:path";
import { homedir } from "node:os";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import { hasErrors, type Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Lab } from "../lab/lab.ts";
import { findCheckedBase } from "../images/check-image.ts";
import { digestOfFile } from "../images/file-digest.ts";
import { checkLockUnchanged } from "../lab/lock/lock-difference.ts";
import { lockFormat, type LabLock, type LockFile } from "../lab/lock/lab-lock.ts";
import { readLabCopy } from "./lab-copy.ts";
import { writeOverlay, type StoredOverlay } from "./overlay-file.ts";
import { parseLockFile } from "../lab/lock/parse-lock-file.ts";
import { printLockFile } from "../lab/lock/print-lock-file.ts";
import { normalizeLab, type NormalizeOptions } from "../lab/normalize-lab.ts";
import type { ReadImage } from "../lab/resolve-images.ts";
import type { WrittenLab } from "../lab/written-lab.ts";
import { includedFiles } from "../labfile/included-files.ts";
import { locateDiagnostics, type Locate } from "../labfile/locate.ts";
import { parseLabFile } from "../labfile/parse-lab-file.ts";
import { parseVariableFile, parseVariables } from "../labfile/variable-input.ts";
import type { Variables } from "../labfile/variables.ts";
import type { CheckCloudInitOptions } from "../../stacks/check-cloud-init.ts";
import { readTextIfAny } from "./files.ts";
import { readLabText } from "./read-lab-text.ts";
import writeFileAtomic from "write-file-atomic";

export interface OpenLabOptions {
  /** The lab file; relative to `cwd`. */
  readonly file: string;
  readonly cwd: string;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  /** `NAME=VALUE` each. */
  readonly variables?: readonly string[];
  /** YAML files of variables; `variables` win over them. */
  readonly variableFiles?: readonly string[];
  /** Where sums of image files are remembered. */
  readonly cacheDirectory: string;
  /** Takes both sides of a merge conflict in the lock. @default false */
  readonly healLock?: boolean;
  /** Name of a second copy of the lab beside the first. @default - the lab itself */
  readonly instance?: string;
}

/** A lab read from its file and planned. */
export interface OpenedLab {
  /** Name of the file as it was given, for messages. */
  readonly file: string;
  /** Absolute path of the lab file's folder. */
  readonly directory: string;
  readonly written: WrittenLab;
  readonly lab: Lab;
  readonly lock: LabLock;
  readonly lockFile: { readonly path: string; readonly before?: LabLock; readonly text?: string };
  /** What this machine has otherwise than the lock says. */
  readonly overlay?: StoredOverlay;
  /** Warnings and notices; there are no errors. */
  readonly diagnostics: readonly Diagnostic[];
  readonly locate: Locate;
}

/**
 * Reads a lab file and all that it names, and makes it explicit. Writes nothing.
 *
 * @throws DiagnosticError with everything that is wrong, each at its place
 */
export async function openLab(options: OpenLabOptions): Promise<OpenedLab> {
  const path = resolve(options.cwd, options.file);
  const directory = dirname(path);
  const text = await readLabText(path, options.file);
  const variables = await readVariables(options);
  const parsed = parseLabFile({ file: options.file, text, variables });
  if (!parsed.value) throw new DiagnosticError(parsed.diagnostics);
  const { locate, locateText } = parsed.value;
  const { healLock, instance } = options;
  const copy = await readLabCopy(parsed.value.written, { directory, healLock, ...(instance !== undefined && { instance }) });
  const { written, overlay } = copy;
  const files = await readIncluded(written, directory);
  const imageDigests = await readImageFiles(written, directory, options.cacheDirectory);
  const normalize: NormalizeOptions = {
    lock: copy.lock,
    overlay,
    files: files.texts,
    imageDigests,
    hypervisorFromEnvironment: options.env["HYPERVISOR"],
  };
  const before = [...parsed.diagnostics, ...copy.diagnostics, ...files.diagnostics];
  if (hasErrors(before)) throw new DiagnosticError(locateDiagnostics(before, locate));
  const { value, diagnostics } = normalizeLab(written, normalize);
  const cloudInit = value
    ? await checkCloudInitOf({ lab: value.lab, written, file: options.file, files: files.texts, locateText }, options.cacheDirectory)
    : [];
  const all = locateDiagnostics([...before, ...diagnostics, ...cloudInit], locate);
  if (!value || hasErrors(all)) throw new DiagnosticError(all);
  const { lab, lock } = value;
  return {
    file: options.file,
    directory,
    written,
    lab,
    lock,
    lockFile: { path: copy.lockPath, before: copy.lock, text: copy.lockText },
    ...(overlay && { overlay }),
    diagnostics: all,
    locate,
  };
}

/** The lab's Terraform JSON. CDK for Terraform is loaded here and not before: commands that only look at a lab do without. */
export async function terraformJsonFor({ lab }: Pick<OpenedLab, "lab">): Promise<string> {
  const { terraformJsonOf } = await import("../../stacks/synthesize-lab.ts");
  return terraformJsonOf(lab);
}

/** @throws DiagnosticError LOCK_WOULD_CHANGE */
export function requireUnchangedLock({ lockFile, lock }: OpenedLab): void {
  const diagnostics = checkLockUnchanged(lockFile.before, lock, "terrarium.lock.yaml");
  if (diagnostics.length > 0) throw new DiagnosticError(diagnostics);
}

/** Records what was planned, so that nobody moves. Entries of other labs in the file stay. */
export async function writeLock({
  lockFile,
  lock,
  lab,
  directory,
  overlay,
}: Pick<OpenedLab, "lockFile" | "lock" | "lab" | "directory" | "overlay">): Promise<void> {
  // A second copy has lock and overlay in its state.
  if (overlay?.instanceOf !== undefined) await writeOverlay(directory, lab.name, overlay);
  // Read anew: another lab of this folder may have written its entry meanwhile.
  const before = await readTextIfAny(lockFile.path);
  const others = before === undefined ? undefined : parseLockFile(before, lockFile.path, { healConflicts: true }).value;
  const file: LockFile = { version: lockFormat, labs: { ...others?.labs, [lab.name]: lock } };
  const text = printLockFile(file);
  if (text !== before) await writeFileAtomic(lockFile.path, text);
}

/** `--var` and `--var-file` together. */
export async function readVariables({
  cwd,
  variables = [],
  variableFiles = [],
}: Pick<OpenLabOptions, "cwd" | "variables" | "variableFiles">): Promise<Variables> {
  const merged: Record<string, string | number | boolean> = {};
  for (const file of variableFiles) {
    const { value, diagnostics } = parseVariableFile({ file, text: await readLabText(resolve(cwd, file), file) });
    if (!value) throw new DiagnosticError(diagnostics);
    Object.assign(merged, value);
  }
  const { value, diagnostics } = parseVariables(variables);
  if (!value) throw new DiagnosticError(diagnostics);
  return { ...merged, ...value };
}

async function readIncluded(
  written: WrittenLab,
  directory: string,
): Promise<{ texts: Map<string, { text: string }>; diagnostics: Diagnostic[] }> {
  const texts = new Map<string, { text: string }>();
  const diagnostics: Diagnostic[] = [];
  for (const { path } of includedFiles(written)) {
    const text = await readTextIfAny(absolute(path, directory));
    // A missing one is reported by the normalizer, with its place in the lab.
    if (text !== undefined) texts.set(path, { text });
  }
  return { texts, diagnostics };
}

async function readImageFiles(written: WrittenLab, directory: string, cacheDirectory: string): Promise<Map<string, ReadImage>> {
  const read = new Map<string, ReadImage>();
  for (const [name, image] of Object.entries(written.images ?? {})) {
    if (image.path === undefined || image.sha256 !== undefined) continue;
    read.set(name, { digest: await digestOfFile(absolute(image.path, directory), { cacheDirectory }) });
  }
  return read;
}

function absolute(path: string, directory: string): string {
  if (path.startsWith("~/")) return join(homedir(), path.slice(2));
  return isAbsolute(path) ? path : resolve(directory, path);
}

/** The checks, with cloud-init's schemas, are loaded for labs that have something to check. */
async function checkCloudInitOf(options: CheckCloudInitOptions, cacheDirectory: string): Promise<readonly Diagnostic[]> {
  const { sandboxes, images } = options.lab;
  const checked = Object.values(sandboxes).filter(({ cloudInit: { userData, vendorData, networkConfig, runCmd, writeFiles, settings } }) =>
    [userData, vendorData, networkConfig, runCmd[0], writeFiles[0], settings].some((part) => part !== undefined),
  );
  if (checked.length === 0) return [];
  const cloudInitVersions = new Map<string, string>();
  for (const name of new Set(checked.map(({ image }) => image))) {
    const version = (await findCheckedBase(images[name]?.digest ?? "", cacheDirectory))?.cloudInit.version;
    if (version !== undefined) cloudInitVersions.set(name, version);
  }
  const { checkCloudInit } = await import("../../stacks/check-cloud-init.ts");
  return checkCloudInit({ ...options, cloudInitVersions });
}
