import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, truncate } from "node:fs/promises";
import { dirname } from "node:path";
import { requireSpace } from "./disk-full.ts";
import { Duration } from "../units/duration.ts";
import type { DownloadOptions } from "./download-options.ts";
import type { DownloadPart } from "./download-part.ts";

/** The server's answer was no file. */
export class HttpStatusError extends Error {
  readonly status: number;

  constructor(status: number, statusText: string) {
    super(`the server answered ${status}${statusText === "" ? "" : ` ${statusText}`}`);
    this.name = "HttpStatusError";
    this.status = status;
  }
}

/**
 * One attempt: asks for what is missing of a part and appends it, hashing while it writes.
 *
 * @returns SHA-256 of the whole file, and whether a former part was used
 * @throws whatever failed; what was received until then stays
 */
export async function downloadOnce(
  url: string,
  part: DownloadPart,
  { onProgress, signal, stallTimeout = Duration.seconds(60) }: DownloadOptions,
): Promise<{ sha256: string; resumed: boolean }> {
  const { fetch, EnvHttpProxyAgent } = await import("./http.ts");
  const record = await part.record(url);
  const have = record === undefined ? 0 : await part.size();
  const timeout = stallTimeout.milliseconds;
  const dispatcher = new EnvHttpProxyAgent({
    headersTimeout: timeout,
    bodyTimeout: timeout,
    connect: { timeout: Math.min(timeout, 15_000) },
  });
  const { address, authorization } = splitCredentials(url);
  const headers: Record<string, string> = { "accept-encoding": "identity", ...authorization };
  if (record !== undefined && have > 0) Object.assign(headers, { range: `bytes=${have}-`, "if-range": record.validator });

  try {
    const response = await fetch(address, { headers, dispatcher, signal });
    const range = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(response.headers.get("content-range") ?? "");
    if (response.status === 416 && range?.[2] === String(have)) {
      // Nothing is missing: the former attempt ended between the last byte and the check.
      await response.body?.cancel();
      return { sha256: (await hashSoFar(part, have)).digest("hex"), resumed: true };
    }
    if (response.status === 416 || (response.status === 206 && range?.[1] !== String(have))) {
      await response.body?.cancel();
      await part.remove();
      throw new Error("the server's file is no longer the one that was begun");
    }
    if ((response.status !== 200 && response.status !== 206) || !response.body) {
      await response.body?.cancel();
      throw new HttpStatusError(response.status, response.statusText);
    }

    // 200 although a range was asked for: the file has changed, or the server knows no ranges. From the start.
    const offset = response.status === 206 ? have : 0;
    const missing = expectedLength(response.headers);
    const total = missing === undefined ? undefined : offset + missing;
    if (missing !== undefined) await requireSpace(dirname(part.path), missing);
    const hash = offset > 0 ? await hashSoFar(part, offset) : createHash("sha256");
    if (offset === 0) {
      await part.remove();
      await part.remember(url, validatorOf(response.headers));
    }
    const received = await append(part, offset, response.body, hash, (done) => onProgress?.({ phase: "downloading", done, total }));
    if (missing !== undefined && received !== missing) throw new Error(`the connection ended after ${received} of ${missing} bytes`);
    return { sha256: hash.digest("hex"), resumed: offset > 0 };
  } finally {
    await dispatcher.destroy();
  }
}

async function append(
  part: DownloadPart,
  offset: number,
  body: AsyncIterable<Uint8Array>,
  hash: Hash,
  onBytes: (done: number) => void,
): Promise<number> {
  const file = await open(part.path, offset === 0 ? "w" : "r+");
  let position = offset;
  try {
    onBytes(position);
    for await (const chunk of body) {
      hash.update(chunk);
      for (let written = 0; written < chunk.length;) {
        const { bytesWritten } = await file.write(chunk, written, chunk.length - written, position);
        written += bytesWritten;
        position += bytesWritten;
      }
      onBytes(position);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return position - offset;
}

async function hashSoFar(part: DownloadPart, length: number): Promise<Hash> {
  await truncate(part.path, length);
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(part.path, { highWaterMark: 1024 * 1024 })) hash.update(chunk as Buffer);
  return hash;
}

/** What may stand in If-Range: a strong ETag, else the date. A weak ETag promises similar content, not equal bytes. */
function validatorOf(headers: { get(name: string): string | null }): string | undefined {
  const etag = headers.get("etag");
  if (etag?.startsWith('"') === true) return etag;
  return headers.get("last-modified") ?? undefined;
}

/** The length of a body that is not encoded on the way; an encoded one has another. */
function expectedLength(headers: { get(name: string): string | null }): number | undefined {
  const length = headers.get("content-length");
  const encoding = headers.get("content-encoding") ?? "identity";
  return length !== null && encoding === "identity" && /^\d+$/.test(length) ? Number(length) : undefined;
}

/** fetch refuses addresses with a user name and password in them; they are sent as the header they mean. */
function splitCredentials(url: string): { address: string; authorization: Record<string, string> } {
  const address = new URL(url);
  const { username, password } = address;
  if (username === "" && password === "") return { address: url, authorization: {} };
  address.username = "";
  address.password = "";
  const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString("base64");
  return { address: address.href, authorization: { authorization: `Basic ${credentials}` } };
}
