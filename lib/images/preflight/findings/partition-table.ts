import type { Check } from "../finding.ts";

/** How the disk is divided. Whoever gets here has found a root file system in it, so that any is fine. */
export const partitionTable: Check = ({ disk }) => ({
  check: "partition-table",
  found: { gpt: "GPT", mbr: "MBR", none: "none: the file system fills the disk" }[disk.table],
  verdict: "fine",
});
