import type { ImageSource } from "./image-source.ts";

// Built from the distributions' packages, not downloaded: apt verifies them by signature, so no checksum of a vendor's file that changes weekly is needed.
const catalog: Readonly<Record<string, ImageSource>> = {
  "debian-12": { kind: "bootstrap", distribution: "debian", suite: "bookworm", packages: [] },
  "debian-13": { kind: "bootstrap", distribution: "debian", suite: "trixie", packages: [] },
  "ubuntu-22.04": { kind: "bootstrap", distribution: "ubuntu", suite: "jammy", packages: [] },
  "ubuntu-24.04": { kind: "bootstrap", distribution: "ubuntu", suite: "noble", packages: [] },
};

/** Names that `from: catalog` knows, for completion and "did you mean". */
export const catalogNames: readonly string[] = Object.keys(catalog);

/**
 * The source behind a catalogue name.
 *
 * @returns undefined for a name the catalogue does not have
 * @example catalogImage("debian-12") // { kind: "bootstrap", distribution: "debian", suite: "bookworm", packages: [] }
 */
export function catalogImage(name: string): ImageSource | undefined {
  return Object.hasOwn(catalog, name) ? catalog[name] : undefined;
}
