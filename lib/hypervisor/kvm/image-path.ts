import { basename, dirname, join } from "node:path";

/** Where every host keeps its images: as lib/images has it, which a driver must not import. */
export const imagesDirectory = "/var/lib/terrarium/images";

/** The path that an image has on every host. Pure. @throws RangeError for what is no digest: it must not become a path */
export function imagePath(digest: string): string {
  if (!isDigest(digest)) throw new RangeError(`Expected a digest of 64 hexadecimal digits, got ${JSON.stringify(digest)}`);
  return join(imagesDirectory, `${digest}.qcow2`);
}

/** The digest of the image at a path; undefined for a path that is no image's. Pure. */
export function digestOf(path: string): string | undefined {
  const digest = basename(path, ".qcow2");
  return dirname(path) === imagesDirectory && isDigest(digest) ? digest : undefined;
}

const isDigest = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);
