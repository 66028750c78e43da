import { mkdir, readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { archiveName, lockHash, programName, type ProviderRelease, type TerraformPlatform } from "./mirror-layout.ts";
import { zipExecutable } from "./zip.ts";

/**
 * Packs a provider as `terraform providers mirror` does: a folder that serves as a filesystem mirror, and, on any web server, as a network
 * mirror. Versions that are there already stay listed. The same program makes the same bytes.
 *
 * @returns the files written
 */
export async function packProvider(release: ProviderRelease, mirror: string, platforms: readonly TerraformPlatform[]): Promise<string[]> {
  const directory = join(mirror, ...release.address.split("/"));
  const files = new Map<string, Uint8Array>();
  const archive = zipExecutable(programName(release), release.program);
  const hashes = [lockHash(release)];
  const archives = Object.fromEntries(platforms.map((platform) => [platform, { hashes, url: archiveName(release, platform) }]));
  for (const { url } of Object.values(archives)) files.set(url, archive);
  files.set(`${release.version}.json`, json({ archives }));
  await mkdir(directory, { recursive: true });
  const listed = (await readdir(directory)).flatMap((name) => /^(\d.*)\.json$/.exec(name)?.[1] ?? []);
  const versions = Object.fromEntries([...new Set([...listed, release.version])].sort().map((version) => [version, {}]));
  files.set("index.json", json({ versions }));
  for (const [name, content] of files) {
    await writeFile(join(directory, `${name}.part`), content);
    await rename(join(directory, `${name}.part`), join(directory, name));
  }
  return [...files.keys()].map((name) => join(directory, name));
}

function json(document: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(document, null, 2)}\n`);
}
