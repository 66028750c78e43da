import { rename } from "node:fs/promises";
import { canonicalJson } from "../lab/canonical-json.ts";
import type { Lab } from "../lab/lab.ts";
import { readTextIfAny, removeIfAny, writePrivate } from "./files.ts";
import type { StateDirectory } from "./state-directory.ts";

/**
 * The lab as it may be out there: of the last apply, joined with one that did not end in order. Day-2 commands and `destroy` use this, so that an edited or broken
 * file, a missing variable or a missing secret never stands in their way.
 */
export async function readPossibleLab(state: StateDirectory): Promise<Lab | undefined> {
  const [applied, applying] = await Promise.all([readTextIfAny(state.applied), readTextIfAny(state.applying)]);
  const before = applied === undefined ? undefined : (JSON.parse(applied) as Lab);
  const during = applying === undefined ? undefined : (JSON.parse(applying) as Lab);
  if (!before || !during) return during ?? before;
  return {
    ...during,
    hosts: { ...before.hosts, ...during.hosts },
    images: { ...before.images, ...during.images },
    networks: { ...before.networks, ...during.networks },
    sandboxes: { ...before.sandboxes, ...during.sandboxes },
  };
}

/** Says, before Terraform starts, what it will make. */
export async function beginApplying(state: StateDirectory, lab: Lab): Promise<void> {
  await writePrivate(state.applying, canonicalJson(lab, 2));
}

/** Says that it is so. */
export async function promoteApplied(state: StateDirectory): Promise<void> {
  await rename(state.applying, state.applied);
}

/** Forgets it: nothing is out there any more. */
export async function forgetApplied(state: StateDirectory): Promise<void> {
  await Promise.all([removeIfAny(state.applied), removeIfAny(state.applying)]);
}
