import { join } from "node:path";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { LabLock, LockFile } from "../lab/lock/lab-lock.ts";
import { parseLockFile } from "../lab/lock/parse-lock-file.ts";
import { checkInstance, instanceName, instanceOverlay } from "../lab/overlay/instance.ts";
import type { WrittenLab } from "../lab/written-lab.ts";
import { readTextIfAny } from "./files.ts";
import { readOverlay, type StoredOverlay } from "./overlay-file.ts";
import { stateDirectory } from "./state-directory.ts";

/** What a lab is planned with on this machine: the copy of it that is meant, its lock, and its overlay. */
export interface LabCopy {
  readonly written: WrittenLab;
  readonly lock?: LabLock;
  readonly lockPath: string;
  readonly lockText?: string;
  readonly overlay?: StoredOverlay;
  readonly diagnostics: readonly Diagnostic[];
}

export interface LabCopyOptions {
  readonly directory: string;
  readonly healLock?: boolean;
  /** Name of a second copy. @default - the lab itself */
  readonly instance?: string;
}

/**
 * Reads the lock of a lab, or of a second copy of it: that one begins with the images, hosts and the engine of the lab's own lock, and is kept in the copy's state.
 *
 * @throws DiagnosticError BAD_OPTION for a name that no copy can have
 */
export async function readLabCopy(written: WrittenLab, { directory, healLock, instance }: LabCopyOptions): Promise<LabCopy> {
  const lockPath = join(directory, "terrarium.lock.yaml");
  const lockText = await readTextIfAny(lockPath);
  const file = lockText === undefined ? undefined : parseLockFile(lockText, "terrarium.lock.yaml", { healConflicts: healLock });
  const diagnostics = file?.diagnostics ?? [];
  const lock = file?.value?.labs[written.lab];
  if (instance === undefined) {
    const overlay = await readOverlay(directory, written.lab);
    const told =
      overlay && Object.keys({ ...overlay.networks, ...overlay.forwards }).length > 0
        ? relocatedNotices(overlay, directory, written.lab)
        : [];
    return { written, lock, lockPath, lockText, ...(overlay && { overlay }), diagnostics: [...diagnostics, ...told] };
  }
  const name = instanceName(written.lab, instance);
  requireName(instance, name, file?.value);
  const { lock: ownPath } = stateDirectory(directory, name);
  const ownText = await readTextIfAny(ownPath);
  const own = ownText === undefined ? undefined : parseLockFile(ownText, ownPath);
  const copy = { ...written, lab: name };
  const overlay = { ...instanceOverlay(copy, name, await readOverlay(directory, name)), instanceOf: written.lab };
  return {
    written: copy,
    lock: own?.value?.labs[name] ?? (lock && { ...lock, networks: {}, sandboxes: {} }),
    lockPath: ownPath,
    lockText: ownText,
    overlay,
    diagnostics: [...diagnostics, ...(own?.diagnostics ?? []), ...checkInstance(written, name)],
  };
}

function requireName(instance: string, name: string, file: LockFile | undefined): void {
  const isName = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(instance) && name.length <= 63;
  if (isName && !Object.hasOwn(file?.labs ?? {}, name)) return;
  throw new DiagnosticError({
    code: isName ? "INSTANCE_CONFLICT" : "BAD_OPTION",
    severity: "error",
    summary: isName
      ? `--instance ${instance} would be "${name}", and a lab of that name is in this folder's lock`
      : `expected --instance to be lower-case letters, digits and hyphens, and "${name}" to have at most 63 characters`,
    nextStep: "Take another name, such as `--instance b`.",
  });
}

function relocatedNotices({ networks, forwards = {} }: StoredOverlay, directory: string, lab: string): Diagnostic[] {
  const list = Object.entries(networks).map(
    ([name, { cidr, bridge }]) => `"${name}" ${[cidr, bridge && `bridge ${bridge}`].filter(Boolean).join(", ")}`,
  );
  for (const [sandbox, ports] of Object.entries(forwards))
    list.push(...Object.entries(ports).map(([name, port]) => `forward ${name} of "${sandbox}" port ${port}`));
  return [
    {
      code: "RELOCATED",
      severity: "notice",
      summary: `on this machine some things are elsewhere than the lock says: ${list.join("; ")}`,
      nextStep: `To have them where everybody has them, remove ${stateDirectory(directory, lab).overlay}`,
    },
  ];
}
