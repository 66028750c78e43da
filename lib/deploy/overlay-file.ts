import { canonicalJson } from "../lab/canonical-json.ts";
import type { Overlay } from "../lab/overlay/overlay.ts";
import { readTextIfAny, writePrivate } from "./files.ts";
import { createStateDirectory, stateDirectory } from "./state-directory.ts";

/** `.terrarium/<lab>/overlay.json`: what this machine has otherwise than lab and lock say. */
export interface StoredOverlay extends Overlay {
  /** The lab that this is a second copy of. */
  readonly instanceOf?: string;
}

/** @returns undefined where there is none: the machine has what everybody has */
export async function readOverlay(directory: string, lab: string): Promise<StoredOverlay | undefined> {
  const text = await readTextIfAny(stateDirectory(directory, lab).overlay);
  return text === undefined ? undefined : (JSON.parse(text) as StoredOverlay);
}

export async function writeOverlay(directory: string, lab: string, overlay: StoredOverlay): Promise<void> {
  const { overlay: path } = await createStateDirectory(directory, lab);
  const text = `${canonicalJson(overlay, 2)}\n`;
  if ((await readTextIfAny(path)) !== text) await writePrivate(path, text);
}
