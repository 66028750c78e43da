import type { GuestTree } from "../../inspect/guest-tree.ts";
import { textsIn } from "./tree-questions.ts";

/** Lines of boot loaders that hold a kernel's command line. */
const lines = /^\s*(?:linux(?:16|efi)?|options|append|kernelopts=|GRUB_CMDLINE_LINUX\w*=)\s*(.*)$/gim;

/** The file whose kernel command line matches, if one does. `/etc/kernel/cmdline` is nothing but a command line. */
export function commandLineWith(tree: GuestTree, words: RegExp): string | undefined {
  const loaders = ["/boot/grub/grub.cfg", "/boot/grub2/grub.cfg", "/boot/extlinux/extlinux.conf", "/etc/default/grub"];
  const texts: [string, string][] = [
    ...loaders.map((path): [string, string] => [path, tree.texts[path] ?? ""]),
    ...textsIn(tree, "/boot/loader/entries"),
  ];
  const found = texts.find(([, text]) => [...text.matchAll(lines)].some((line) => words.test(line[1] ?? "")));
  return found?.[0] ?? (words.test(tree.texts["/etc/kernel/cmdline"] ?? "") ? "/etc/kernel/cmdline" : undefined);
}
