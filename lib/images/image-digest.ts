/** The identity of an image that can be told without looking at anything. A `path` source is its file's content: see `digestOfFile`. */
export { imageDigest } from "../lab/image-digest.ts";

/** True for 64 lower-case hexadecimal digits: what may become a file name. */
export function isDigest(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}
