/** What tells one seed from another, beside its name. */
export interface SeedIdentity {
  readonly name: string;
  readonly file: string | null;
  readonly revision: string | null;
}

/** The last part of a path, also of one written on Windows. */
export function fileName(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? "";
}

/**
 * A seed's name on the host. It holds the identity, so that the next seed of a sandbox can be there before the former one goes; and so that it can be read back.
 *
 * @example seedName({ name: "web", file: "seeds/web-3f.iso", revision: null }) // "web.file.web-3f.iso"
 */
export function seedName({ name, file, revision }: SeedIdentity): string {
  return file === null ? `${name}.revision.${revision ?? ""}.iso` : `${name}.file.${fileName(file)}`;
}

/** The identity in a name that `seedName` made; undefined for any other. */
export function readSeedName(text: string): SeedIdentity | undefined {
  const [, name, kind, rest] = /^([a-z0-9-]+)\.(file|revision)\.(.+\.iso)$/.exec(text) ?? [];
  if (name === undefined || rest === undefined) return undefined;
  return kind === "file" ? { name, file: rest, revision: null } : { name, file: null, revision: rest.slice(0, -".iso".length) };
}
