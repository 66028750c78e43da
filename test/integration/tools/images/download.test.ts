import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { download } from "../../../../lib/images/download.ts";
import type { DownloadOptions } from "../../../../lib/images/download-options.ts";
import type { ImageProgress } from "../../../../lib/images/progress.ts";
import { Duration } from "../../../../lib/units/duration.ts";
import { cutAfter, FileServer, stallAfter, status } from "./file-server.ts";

const content = randomBytes(3 * 1024 * 1024 + 17);
const sha256 = createHash("sha256").update(content).digest("hex");
const quick: DownloadOptions = { retryDelay: Duration.milliseconds(1) };
// What a cut connection had in flight may be lost, so where it goes on is not known to the byte.
const somewhere: unknown = expect.stringMatching(/^bytes=[1-9]\d+-$/);
let directory: string;
let target: string;
let files: FileServer;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "terrarium-download-"));
  target = join(directory, "disk");
  files = await FileServer.serve(content);
});

afterEach(async () => {
  await files[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

test("a file is downloaded, verified, and its progress told in bytes", async () => {
  const events: ImageProgress[] = [];
  const path = await download(files.url, sha256, target, { ...quick, onProgress: (event) => events.push(event) });
  expect(content.equals(await readFile(path))).toBe(true);
  expect(events[0]).toEqual({ phase: "downloading", done: 0, total: content.length });
  expect(events.at(-1)).toEqual({ phase: "downloading", done: content.length, total: content.length });
});

test("cut connections are taken up where they stopped", async () => {
  files.next.push(cutAfter(files, 1024 * 1024));
  const path = await download(files.url, sha256, target, quick);
  expect(content.equals(await readFile(path))).toBe(true);
  expect(files.requests).toEqual(["all", somewhere]);
});

test("an interrupted download is resumed by the next run", async () => {
  files.next.push(cutAfter(files, 700_000));
  await expect(download(files.url, sha256, target, { ...quick, retries: 0 })).rejects.toMatchObject({
    diagnostics: [{ code: "IMAGE_DOWNLOAD_FAILED", nextStep: expect.stringContaining("goes on where it stopped") }],
  });
  await download(files.url, sha256, target, quick);
  expect(files.requests).toEqual(["all", somewhere]);
});

test("a file that changed on the server in between is downloaded from the start", async () => {
  const older = new Uint8Array(content).fill(7);
  files.content = Buffer.from(older);
  files.etag = '"older"';
  files.next.push(cutAfter(files, 700_000));
  await expect(download(files.url, sha256, target, { ...quick, retries: 0 })).rejects.toThrow("IMAGE_DOWNLOAD_FAILED");
  files.content = content;
  files.etag = '"newer"';
  const path = await download(files.url, sha256, target, quick);
  expect(content.equals(await readFile(path))).toBe(true);
});

test("a server whose ETag stays although its file changed is found out by the checksum", async () => {
  files.content = Buffer.from(new Uint8Array(content).fill(7));
  files.next.push(cutAfter(files, 700_000));
  await expect(download(files.url, sha256, target, { ...quick, retries: 0 })).rejects.toThrow("IMAGE_DOWNLOAD_FAILED");
  files.content = content;
  expect(content.equals(await readFile(await download(files.url, sha256, target, quick)))).toBe(true);
  expect(files.requests).toEqual(["all", somewhere, "all"]);
});

test("a download that was complete but not yet checked asks for nothing more", async () => {
  await download(files.url, sha256, target, quick);
  await download(files.url, sha256, target, quick);
  expect(files.requests).toEqual(["all", `bytes=${content.length}-`]);
});

test("a server that knows no ranges is asked again for everything", async () => {
  files.next.push(cutAfter(files, 700_000), (_, response) => {
    response.writeHead(200, { etag: files.etag }).end(content);
    return true;
  });
  expect(content.equals(await readFile(await download(files.url, sha256, target, quick)))).toBe(true);
});

test("a wrong checksum is one error with both sums, and nothing is left", async () => {
  const wrong = "0".repeat(64);
  await expect(download(files.url, wrong, target, quick)).rejects.toMatchObject({
    diagnostics: [{ code: "IMAGE_CHECKSUM_MISMATCH", detail: `expected sha256 ${wrong}\nfound    sha256 ${sha256}` }],
  });
  expect(files.requests).toHaveLength(1);
  expect(await readdir(directory)).toEqual([]);
});

test("an overloaded server is asked again, a missing file is not", async () => {
  files.next.push(status(503), status(429));
  await download(files.url, sha256, target, quick);
  expect(files.requests).toHaveLength(3);
  files.next.push(status(404));
  await expect(download(`${files.url}?other`, sha256, join(directory, "other"), quick)).rejects.toMatchObject({
    diagnostics: [{ code: "IMAGE_DOWNLOAD_FAILED", summary: expect.stringContaining("404") }],
  });
  expect(files.requests).toHaveLength(4);
});

test("a server that stops sending is left and asked again", async () => {
  files.next.push(stallAfter(files, 1024 * 1024));
  const path = await download(files.url, sha256, target, { ...quick, stallTimeout: Duration.seconds(1) });
  expect(content.equals(await readFile(path))).toBe(true);
  expect(files.requests).toEqual(["all", "bytes=1048576-"]);
});

test("an aborted download ends at once and stays resumable", async () => {
  files.next.push(stallAfter(files, 1024 * 1024));
  const controller = new AbortController();
  const onProgress = ({ done }: ImageProgress): void => {
    if (done === 1024 * 1024) controller.abort(new Error("the user said stop"));
  };
  await expect(download(files.url, sha256, target, { ...quick, onProgress, signal: controller.signal })).rejects.toThrow(
    "the user said stop",
  );
  expect((await stat(`${target}.part`)).size).toBe(1024 * 1024);
  await download(files.url, sha256, target, quick);
  expect(files.requests).toEqual(["all", "bytes=1048576-"]);
});

test("nobody listening is one error that names the reason", async () => {
  const { url } = files;
  await files[Symbol.asyncDispose]();
  files = await FileServer.serve(content);
  await expect(download(url, sha256, target, { ...quick, retries: 1 })).rejects.toMatchObject({
    diagnostics: [{ code: "IMAGE_DOWNLOAD_FAILED", summary: expect.stringContaining("ECONNREFUSED") }],
  });
});

test("credentials in the address are sent, and shown nowhere", async () => {
  const address = new URL(files.url);
  address.username = "me";
  address.password = "s3cret";
  let authorization: string | undefined;
  files.next.push((request, response) => {
    ({ authorization } = request.headers);
    response.writeHead(403).end();
    return true;
  });
  const failure: unknown = await download(address.href, sha256, target, quick).catch((error: unknown) => error);
  expect(authorization).toBe(`Basic ${Buffer.from("me:s3cret").toString("base64")}`);
  expect(String(failure)).toContain("me:***@");
  expect(String(failure)).not.toContain("s3cret");
});
