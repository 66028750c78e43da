import { createHash } from "node:crypto";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";

/** Files of an APT repository that is a folder of the guest's: name → content. */
export type PackageRepository = Readonly<Record<string, Buffer>>;

/** The program that the repository's only package installs. */
export const packagedProgram = "/usr/bin/lab-tool";

/**
 * An APT repository with one package, `lab-tool`, of a few hundred bytes: installed without any network.
 *
 * @param folder a folder of the test's, where it is made
 */
export async function packageRepository(folder: string): Promise<PackageRepository> {
  const tree = join(folder, "lab-tool");
  const control = "Package: lab-tool\nVersion: 1.0\nArchitecture: all\nMaintainer: Nobody <nobody@example.test>\nDescription: says hello\n";
  await mkdir(join(tree, "DEBIAN"), { recursive: true });
  await mkdir(join(tree, "usr/bin"), { recursive: true });
  await writeFile(join(tree, "DEBIAN/control"), control);
  await writeFile(join(tree, packagedProgram), "#!/bin/sh\necho packaged\n");
  await chmod(join(tree, packagedProgram), 0o755);
  const file = join(folder, "lab-tool.deb");
  await execa("dpkg-deb", ["--root-owner-group", "--build", tree, file]);
  const content = await readFile(file);
  const sum = createHash("sha256").update(content).digest("hex");
  const index = `${control}Filename: ./lab-tool.deb\nSize: ${content.length}\nSHA256: ${sum}\n`;
  return { "lab-tool.deb": content, Packages: Buffer.from(index) };
}

/** User-data that puts a repository into a folder of the guest before packages are installed. */
export function withRepository(repository: PackageRepository, folder: string): string {
  const files = Object.entries(repository).map(([name, content]) => ({
    path: `${folder}/${name}`,
    encoding: "b64",
    content: content.toString("base64"),
  }));
  return `#cloud-config\n${JSON.stringify({ write_files: files })}\n`;
}
