import type { Check } from "../finding.ts";

/** cloud-init grows all of them to the disk's size. */
export const rootFileSystem: Check = ({ disk, os }) => ({
  check: "root-file-system",
  found: os === undefined ? disk.root : `${disk.root}, ${os}`,
  verdict: "fine",
});
