import { kindOfUserData } from "../user-data-kind.ts";
import { archiveParts } from "./archive-parts.ts";
import { mimeParts } from "./mime-parts.ts";
import type { Place, UserDataPart } from "./user-data-part.ts";

/** Messages in messages end somewhere. */
const deepest = 8;

/**
 * Splits user-data into what cloud-init handles one by one: the parts of MIME messages and archives, also inside each other. Everything else is one part.
 *
 * @param place finds offsets of `text`
 */
export function splitUserData(text: string, place: Place): UserDataPart[] {
  return split({ kind: kindOfUserData(text), name: "the user-data", text, place }, 0);
}

function split(part: UserDataPart, depth: number): UserDataPart[] {
  if (depth === deepest) return [part];
  const parts = part.kind === "mime" ? mimeParts(part) : part.kind === "cloud-config-archive" ? archiveParts(part) : undefined;
  return parts === undefined ? [part] : parts.flatMap((inner) => split(inner, depth + 1));
}
