import { createHash } from "node:crypto";
import { readFile, rm, stat } from "node:fs/promises";
import { isNodeError, replaceFile } from "./files.ts";

/** What is known of a partial download: enough to ask for the rest of the same file. */
export interface PartRecord {
  /** SHA-256 of the address, which may hold a password. */
  readonly url: string;
  /** ETag (strong) or Last-Modified of the answer that the part is from. */
  readonly validator: string;
}

/** A download that may have been interrupted: `<target>.part` beside `<target>.part.json`. */
export class DownloadPart {
  readonly path: string;
  readonly #record: string;

  constructor(target: string) {
    this.path = `${target}.part`;
    this.#record = `${target}.part.json`;
  }

  /** Bytes that are there; 0 if there is no part. */
  async size(): Promise<number> {
    try {
      return (await stat(this.path)).size;
    } catch (error) {
      if (isNodeError(error, "ENOENT")) return 0;
      throw error;
    }
  }

  /** The record, if it is about this address. */
  async record(url: string): Promise<PartRecord | undefined> {
    try {
      const record = JSON.parse(await readFile(this.#record, "utf8")) as PartRecord;
      return record.url === hashed(url) ? record : undefined;
    } catch (error) {
      if (isNodeError(error, "ENOENT") || error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  /** Remembers what the part is a part of. Without a validator nothing can be resumed safely, so nothing is remembered. */
  async remember(url: string, validator: string | undefined): Promise<void> {
    if (validator === undefined) await this.forget();
    else await replaceFile(this.#record, JSON.stringify({ url: hashed(url), validator } satisfies PartRecord));
  }

  async forget(): Promise<void> {
    await rm(this.#record, { force: true });
  }

  async remove(): Promise<void> {
    await rm(this.path, { force: true });
    await this.forget();
  }
}

function hashed(url: string): string {
  return createHash("sha256").update(url).digest("hex");
}
