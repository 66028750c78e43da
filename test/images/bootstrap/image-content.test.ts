import { expect, test } from "vitest";
import { parse } from "yaml";
import { diskSize } from "../../../lib/images/bootstrap/disk.ts";
import { imagePackages } from "../../../lib/images/bootstrap/packages.ts";
import { imageFiles } from "../../../lib/images/bootstrap/root-file-system.ts";
import { bootstrapRecipe, type BootstrapRecipe } from "../../../lib/images/bootstrap-recipe.ts";

const recipe = (distribution: "debian" | "ubuntu", suite: string, packages: string[] = []): BootstrapRecipe =>
  bootstrapRecipe({ kind: "bootstrap", distribution, suite, packages });
const mebibyte = 1024 ** 2;

test("resolved is a package of its own only where the suite has it", () => {
  expect(imagePackages(recipe("debian", "bookworm"))).toContain("systemd-resolved");
  expect(imagePackages(recipe("ubuntu", "noble"))).toContain("systemd-resolved");
  expect(imagePackages(recipe("ubuntu", "jammy"))).not.toContain("systemd-resolved");
});

test("each distribution has its own small kernel, and the user's packages come last", () => {
  expect(imagePackages(recipe("debian", "bookworm", ["nginx"])).at(-1)).toBe("nginx");
  expect(imagePackages(recipe("debian", "bookworm"))[0]).toBe("linux-image-cloud-amd64");
  expect(imagePackages(recipe("ubuntu", "noble"))[0]).toBe("linux-image-virtual");
});

test("a recipe that leaves the small kernel out has the one that it names, and no other", () => {
  const packages = imagePackages(recipe("debian", "bookworm", ["linux-image-amd64", "linux-image-cloud-amd64-"]));
  expect(packages.filter((name) => name.startsWith("linux-image-"))).toEqual(["linux-image-amd64", "linux-image-cloud-amd64-"]);
});

test("the guest looks for its seed on disks only", () => {
  const config: unknown = parse(imageFiles(recipe("debian", "bookworm"))["etc/cloud/cloud.cfg.d/90_terrarium.cfg"] ?? "");
  expect(config).toEqual({ datasource_list: ["NoCloud", "ConfigDrive", "None"], locale: "false" });
});

test("the image has no identity of its own and boots to the serial console", () => {
  const files = imageFiles(recipe("debian", "bookworm"));
  expect(files["etc/machine-id"]).toBe("");
  expect(files["etc/hostname"]).toBeUndefined();
  // The last console= is the one that becomes /dev/console.
  expect(files["boot/extlinux/extlinux.conf"]).toMatch(/console=ttyS0,115200\n$/);
});

test("the image has the archives it was made from, without the machine's password and keyring", () => {
  const sources = [{ uri: "https://user:secret@archive.test/debian", suite: "bookworm", components: ["main"], signedBy: "/k.gpg" }];
  expect(imageFiles(recipe("debian", "bookworm"), sources)["etc/apt/sources.list"]).toBe("deb https://archive.test/debian bookworm main\n");
});

test("a disk has room for its content and more, in steps of 512 MiB, at least 2 GiB", () => {
  expect(diskSize(500 * mebibyte)).toBe(2048 * mebibyte);
  expect(diskSize(3000 * mebibyte)).toBe(4608 * mebibyte);
  expect(diskSize(3000 * mebibyte) % (512 * mebibyte)).toBe(0);
});
