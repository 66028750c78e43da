import type { WrittenLab, WrittenSandbox } from "../lab/written-lab.ts";

/** A file that the lab names, to be read by whoever may read files. */
export interface IncludedFile {
  /** As written: relative to the lab file, absolute, or below the home directory (`~/`). */
  readonly path: string;
  /** The file's text has references to replace. */
  readonly template: boolean;
  /** Where in the lab it is named. */
  readonly at: readonly (string | number)[];
}

/**
 * True if a `userData` text is the path of a file and not user-data itself: it starts with `./`, `../`, `/` or `~/` and is one line. (User-data starts with `#`
 * or `Content-Type:`, so the two are never confused.)
 */
export function isFilePath(userData: string): boolean {
  return /^(\.{0,2}|~)\//.test(userData) && !userData.includes("\n");
}

/** All files that the lab names, each mention once, in the lab's order. Images and secrets are not among them. */
export function includedFiles(written: WrittenLab): IncludedFile[] {
  const files: IncludedFile[] = [];
  const look = (settings: Pick<WrittenSandbox, "cloudInit"> | undefined, at: readonly string[]): void => {
    const userData = settings?.cloudInit?.userData;
    const path = [...at, "cloudInit", "userData"];
    if (typeof userData === "object") files.push({ path: userData.file, template: userData.template ?? false, at: path });
    else if (userData !== undefined && isFilePath(userData)) files.push({ path: userData, template: false, at: path });
  };
  look(written.defaults, ["defaults"]);
  for (const [name, profile] of Object.entries(written.profiles ?? {})) look(profile, ["profiles", name]);
  for (const [name, sandbox] of Object.entries(written.sandboxes)) look(sandbox, ["sandboxes", name]);
  return files;
}
