import type { Inspection } from "../inspect/inspect-image.ts";
import type { Base } from "./base.ts";
import { readSlowBoot } from "./facts/boot.ts";
import { readCloudInit } from "./facts/cloud-init.ts";
import { readIdentity } from "./facts/identity.ts";
import { readKernel } from "./facts/kernel.ts";
import { readPinnedFiles } from "./facts/pinned-files.ts";
import { readRenderers } from "./facts/renderers.ts";
import { hasProgram } from "./facts/tree-questions.ts";

/** Facts of a base, told from what was read of it. Pure. */
export function readBase({ disk, root, tree }: Extract<Inspection, { seen: true }>): Base {
  const release = tree.texts["/etc/os-release"] ?? tree.texts["/usr/lib/os-release"] ?? "";
  const hasEfi = disk.partitions.some(({ isEfi }) => isEfi);
  return {
    // Without an EFI partition a BIOS is the only thing that it can ever have booted from.
    disk: { table: disk.table, root: root.content ?? "", bootsFromBios: disk.hasBootCode || !hasEfi },
    os: /^PRETTY_NAME=["']?([^"'\n]+)/m.exec(release)?.[1],
    cloudInit: readCloudInit(tree),
    renderers: readRenderers(tree),
    kernel: readKernel(tree),
    identity: readIdentity(tree),
    network: readPinnedFiles(tree),
    guestAgent: hasProgram(tree, "qemu-ga"),
    slowBoot: readSlowBoot(tree),
  };
}
