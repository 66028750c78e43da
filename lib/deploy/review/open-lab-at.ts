import { createHash } from "node:crypto";
import { posix } from "node:path";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { hasErrors } from "../../diagnostics/diagnostic.ts";
import type { RepositoryFiles } from "../../git/repository-files.ts";
import type { Lab } from "../../lab/lab.ts";
import type { LabLock } from "../../lab/lock/lab-lock.ts";
import { parseLockFile } from "../../lab/lock/parse-lock-file.ts";
import { normalizeLab } from "../../lab/normalize-lab.ts";
import type { ReadImage } from "../../lab/resolve-images.ts";
import type { WrittenLab } from "../../lab/written-lab.ts";
import { includedFiles } from "../../labfile/included-files.ts";
import { locateDiagnostics, type Locate } from "../../labfile/locate.ts";
import { parseLabFile } from "../../labfile/parse-lab-file.ts";
import type { Variables } from "../../labfile/variables.ts";

export interface OpenLabAtOptions {
  readonly files: RepositoryFiles;
  /** The lab file, from the repository's root. */
  readonly path: string;
  readonly text: string;
  readonly variables?: Variables;
  readonly hypervisorFromEnvironment?: string;
  /** Where the repository has no lock: what the other side plans by, because it is what an apply would have left. */
  readonly lock?: LabLock;
}

/** A lab of one version of a repository. */
export interface LabAt {
  readonly written?: WrittenLab;
  readonly lab?: Lab;
  readonly lock?: LabLock;
  readonly locate?: Locate;
  /** Everything that was read, by path: equal inputs make equal labs. */
  readonly inputs: ReadonlyMap<string, string>;
  /** Images whose file nobody may read here, and whose digest is in no lock. */
  readonly unknownImages: ReadonlySet<string>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a lab and what it names from one version of a repository, and nothing else: no secret, no image, no file outside. */
export async function openLabAt(options: OpenLabAtOptions): Promise<LabAt> {
  const { files, path, text, variables } = options;
  const inputs = new Map([[path, text]]);
  const parsed = parseLabFile({ file: path, text, variables: variablesOf(text, variables) });
  if (!parsed.value) return { inputs, unknownImages: new Set(), diagnostics: parsed.diagnostics };
  const { written, locate } = parsed.value;
  const folder = posix.dirname(path);
  const lockPath = posix.join(folder, "terrarium.lock.yaml");
  const included = new Map(includedFiles(written).map((file) => [file.path, { at: file.at, ...inside(folder, file.path, files) }]));
  const texts = await files.read([lockPath, ...[...included.values()].flatMap(({ path: found }) => found ?? [])]);
  const lockText = texts.get(lockPath);
  const lockFile = lockText === undefined ? undefined : parseLockFile(lockText, lockPath);
  const read = new Map<string, { text: string }>();
  const refused: Diagnostic[] = [];
  for (const [name, { path: found, at, reason }] of included) {
    const content = found === undefined ? undefined : texts.get(found);
    if (content !== undefined) read.set(name, { text: content });
    if (reason !== undefined) refused.push(outside(name, reason, at));
  }
  for (const [name, content] of texts) inputs.set(name, content);
  const lock = lockFile ? lockFile.value?.labs[written.lab] : options.lock;
  const placeholders = unreadImages(written, lock);
  const before = [...(lockFile?.diagnostics ?? []), ...refused];
  const common = { written, locate, inputs, unknownImages: new Set(placeholders.keys()) };
  if (hasErrors(before)) return { ...common, diagnostics: locateDiagnostics(before, locate) };
  const { hypervisorFromEnvironment } = options;
  const { value, diagnostics } = normalizeLab(written, { lock, files: read, imageDigests: placeholders, hypervisorFromEnvironment });
  return { ...common, ...value, diagnostics: locateDiagnostics([...before, ...diagnostics], locate) };
}

/** Only the variables that this file speaks of: others belong to other labs of the repository. */
function variablesOf(text: string, variables: Variables = {}): Variables {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => text.includes(name)));
}

/** Where a file that a lab names is in the repository, or why it is not read. */
function inside(folder: string, path: string, { links }: RepositoryFiles): { readonly path?: string; readonly reason?: string } {
  if (posix.isAbsolute(path) || path.startsWith("~")) return { reason: "it is outside the repository" };
  const found = posix.normalize(posix.join(folder, path));
  if (found === ".." || found.startsWith("../")) return { reason: "it is outside the repository" };
  const link = linkWithin(found, links);
  return link === undefined ? { path: found } : { reason: isLink(link) };
}

function linkWithin(path: string, links: ReadonlySet<string>): string | undefined {
  const steps = path.split("/");
  return steps.map((_, index) => steps.slice(0, index + 1).join("/")).find((step) => links.has(step));
}

const isLink = (path: string): string => `${path} is a symbolic link or a submodule`;

/** What there is to say of a lab file that is a link, or behind one; undefined where it is none. */
export function linkOn(path: string, { links }: RepositoryFiles): Diagnostic | undefined {
  const link = linkWithin(path, links);
  return link === undefined ? undefined : outside(path, isLink(link), undefined);
}

function outside(path: string, reason: string, at: Diagnostic["path"]): Diagnostic {
  return {
    code: "REVIEW_FILE_REFUSED",
    severity: "error",
    path: at,
    summary: `a review does not read ${JSON.stringify(path)}: ${reason}`,
    nextStep: "Put the file into the repository, beside the lab; or review a plan with `--plan`, which was made where the file is.",
  };
}

/** Files of images are not read: their digest is the lock's. One that the lock does not know gets a name of its own, the same on both sides. */
function unreadImages(written: WrittenLab, lock: LabLock | undefined): Map<string, ReadImage> {
  const unread = new Map<string, ReadImage>();
  for (const [name, { path, sha256 }] of Object.entries(written.images ?? {})) {
    if (path === undefined || sha256 !== undefined) continue;
    const locked = lock?.images[name];
    if (locked?.source.kind === "path" && locked.source.path === path) continue;
    unread.set(name, { digest: createHash("sha256").update(`unread image file ${path}`).digest("hex") });
  }
  return unread;
}
