import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FileServer } from "./file-server.ts";

const images = join(import.meta.dirname, "../../../../lib/images");
const content = randomBytes(8 * 1024 * 1024);
const sha256 = createHash("sha256").update(content).digest("hex");
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "terrarium-full-"));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

/** Whether we may mount a file system in a namespace of our own. */
async function canMount(): Promise<boolean> {
  const { exitCode } = await execa("unshare", ["--mount", "mount", "-t", "tmpfs", "-o", "size=4m", "none", directory], { reject: false });
  return exitCode === 0;
}

/**
 * Runs a program of ours in a process whose `directory` is a file system of 4 MiB that only it can see: gone when it ends.
 *
 * @returns the code of the diagnostic that it threw, and what it left in the directory
 */
async function onFullDisk(statements: string): Promise<{ code: string; left: string[] }> {
  const script = join(await mkdtemp(join(tmpdir(), "terrarium-full-script-")), "main.mts");
  await writeFile(
    script,
    `import { readdir, writeFile } from "node:fs/promises";
     const [directory, url] = process.argv.slice(2);
     let code = "none";
     try { ${statements} } catch (error) { code = error.diagnostics?.[0].code ?? String(error); }
     process.stdout.write(JSON.stringify({ code, left: await readdir(directory) }));`,
  );
  await using files = await FileServer.serve(content);
  // Without a length nobody can see the end of the disk coming.
  files.next.push((_, response) => {
    response.writeHead(200, { etag: files.etag });
    response.end(content);
    return true;
  });
  const mountAndRun = 'mount -t tmpfs -o size=4m none "$1" && shift && exec "$@"';
  const command = [process.execPath, "--import", "tsx", script, directory, files.url];
  try {
    const { stdout } = await execa("unshare", ["--mount", "sh", "-c", mountAndRun, "sh", directory, ...command]);
    return JSON.parse(stdout) as { code: string; left: string[] };
  } finally {
    await rm(join(script, ".."), { recursive: true });
  }
}

test("a disk that fills up during a download is one error, and the part is removed", async (context) => {
  if (!(await canMount())) context.skip("mounting needs root");
  const result = await onFullDisk(
    `const { download } = await import(${JSON.stringify(join(images, "download.ts"))});
     await download(url, ${JSON.stringify(sha256)}, directory + "/disk");`,
  );
  expect(result).toEqual({ code: "DISK_FULL", left: [] });
});

test("a disk that fills up while an image is placed is one error, and the copy is removed", async (context) => {
  if (!(await canMount())) context.skip("mounting needs root");
  const source = join(directory, "../", `${sha256}.bin`);
  await writeFile(source, content);
  try {
    const image = { path: source, digest: sha256, contentSha256: sha256, format: "qcow2", virtualSize: content.length };
    const result = await onFullDisk(
      `const { placeImage } = await import(${JSON.stringify(join(images, "place-image.ts"))});
       await placeImage(${JSON.stringify(image)}, { imagesDirectory: directory });`,
    );
    expect(result).toEqual({ code: "DISK_FULL", left: [] });
  } finally {
    await rm(source);
  }
});

test("a disk that fills up during a conversion is one error, and the work is removed", async (context) => {
  if (!(await canMount())) context.skip("mounting needs root");
  const source = join(directory, "../", `${sha256}.raw`);
  const raw = Buffer.from(content);
  raw.writeUInt16LE(0xaa55, 510);
  await writeFile(source, raw);
  try {
    const { code, left } = await onFullDisk(
      `const { fetchImage } = await import(${JSON.stringify(join(images, "fetch-image.ts"))});
       await fetchImage({ kind: "path", path: ${JSON.stringify(source)} }, { cacheDirectory: directory });`,
    );
    expect(code).toBe("DISK_FULL");
    expect(left.filter((name) => !name.endsWith(".lock") && name !== "digests")).toEqual([]);
  } finally {
    await rm(source);
  }
});
