import { lstat, mkdir, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { BootstrapRecipe } from "../bootstrap-recipe.ts";
import { isNodeError } from "../files.ts";
import { guestSources, sourceLine, type AptSource } from "./apt-sources.ts";

/**
 * Turns a freshly bootstrapped root directory into that of a cloud image: boots, belongs to nobody yet, names no machine.
 * Works on the directory from outside; nothing of it is run.
 */
export async function finishRootFileSystem(root: string, recipe: BootstrapRecipe, sources: readonly AptSource[]): Promise<void> {
  for (const [path, content] of Object.entries(imageFiles(recipe, sources))) await writeInto(root, path, content);
  // Identity is made at first boot: no host name, no host keys, and a machine-id that is there but empty.
  for (const path of ["etc/hostname", "var/lib/dbus/machine-id", "var/lib/systemd/random-seed", "etc/apt/apt.conf.d/99mmdebstrap"]) {
    await rm(join(root, path), { force: true });
  }
  const ssh = join(root, "etc/ssh");
  for (const name of await readdir(ssh)) if (name.startsWith("ssh_host_")) await rm(join(ssh, name));
  await linkKernel(root);
}

/** Files of the image that we write, by path. Pure. */
export function imageFiles(recipe: BootstrapRecipe, sources: readonly AptSource[] = []): Readonly<Record<string, string>> {
  return {
    "etc/fstab": "LABEL=rootfs / ext4 defaults 0 1\n",
    "etc/machine-id": "",
    "etc/default/locale": "LANG=C.UTF-8\n",
    "etc/hosts": "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\nff02::1 ip6-allnodes\nff02::2 ip6-allrouters\n",
    // None given: mmdebstrap has written those that it took.
    ...(sources.length > 0 && { "etc/apt/sources.list": `${guestSources(sources).map(sourceLine).join("\n")}\n` }),
    "etc/cloud/cloud.cfg.d/90_terrarium.cfg": [
      "# Where a seed may be; nothing else is searched, so that a boot waits for no cloud's metadata server.",
      "datasource_list: [NoCloud, ConfigDrive, None]",
      "# Debian's cloud-init ends in an error without the locales package otherwise; its schema wants a string.",
      'locale: "false"',
      "",
    ].join("\n"),
    "boot/extlinux/extlinux.conf": [
      "DEFAULT linux",
      "PROMPT 0",
      "TIMEOUT 0",
      "LABEL linux",
      "  KERNEL /vmlinuz",
      "  INITRD /initrd.img",
      "  APPEND root=LABEL=rootfs ro console=tty0 console=ttyS0,115200",
      "",
    ].join("\n"),
    // The links in / that extlinux.conf names follow the newest kernel, on Ubuntu, too.
    "etc/kernel-img.conf": "do_symlinks = yes\nimage_dest = /\n",
  };
}

async function writeInto(root: string, path: string, content: string): Promise<void> {
  const target = join(root, path);
  await mkdir(dirname(target), { recursive: true });
  // A link in the new root could lead out of it: never followed.
  await rm(target, { force: true });
  await writeFile(target, content, { mode: 0o644, flag: "wx" });
}

/** Some distributions link the kernel in /boot only. */
async function linkKernel(root: string): Promise<void> {
  for (const [link, prefix] of [
    ["vmlinuz", "vmlinuz-"],
    ["initrd.img", "initrd.img-"],
  ] as const) {
    if (await isThere(join(root, link))) continue;
    const newest = (await readdir(join(root, "boot")))
      .filter((name) => name.startsWith(prefix))
      .sort()
      .at(-1);
    if (newest !== undefined) await symlink(`boot/${newest}`, join(root, link));
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (isNodeError(error, "ENOENT")) return false;
    throw error;
  }
}
