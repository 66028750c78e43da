import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import { readHeader } from "./cache-entry.ts";
import { isNodeError, replaceFile } from "./files.ts";
import { recognizeImage } from "./image-format.ts";
import { inspectImage } from "./inspect/inspect-image.ts";
import type { Base } from "./preflight/base.ts";
import { readBase } from "./preflight/read-base.ts";

/** What is known of an image's inside. */
export type CheckedImage =
  | { readonly seen: true; readonly base: Base }
  | { readonly seen: false; readonly why: string; readonly nextStep: string };

export interface CheckImageOptions {
  /** Where what was found is kept, by digest. */
  readonly cacheDirectory: string;
  readonly signal?: AbortSignal;
}

/** Rises when a record would say something else of the same image: then it is looked into again. */
const recordVersion = 1;

/**
 * Looks into an image and remembers what was found: facts about it, no secret and no content. A second call costs one small file.
 *
 * @param path a file with this content: raw, qcow2, VMDK or VDI
 * @throws DiagnosticError for a file that is no standalone disk, and for one that is in use or damaged
 */
export async function checkImage(path: string, digest: string, { cacheDirectory, signal }: CheckImageOptions): Promise<CheckedImage> {
  const record = recordOf(digest, cacheDirectory);
  const known = await readRecord(record);
  if (known) return { seen: true, base: known };
  const recognized = recognizeImage(await readHeader(path), path);
  if (recognized.kind === "refused") throw new DiagnosticError(recognized.diagnostic);
  if (recognized.kind === "compressed") {
    return {
      seen: false,
      why: `it is packed with ${recognized.compression}`,
      nextStep: "It is checked as soon as an apply has unpacked it.",
    };
  }
  const inspection = await inspectImage({ path, format: recognized.format, signal });
  // Not kept: a program that was missing may be there the next time.
  if (!inspection.seen) return inspection;
  const base = readBase(inspection);
  await mkdir(join(cacheDirectory, "checks"), { recursive: true });
  await replaceFile(record, JSON.stringify({ version: recordVersion, base }));
  return { seen: true, base };
}

/** What an earlier look has found in the image with this content, if there was one; it costs one small file. */
export async function findCheckedBase(digest: string, cacheDirectory: string): Promise<Base | undefined> {
  return await readRecord(recordOf(digest, cacheDirectory));
}

function recordOf(digest: string, cacheDirectory: string): string {
  return join(cacheDirectory, "checks", `${digest}.json`);
}

async function readRecord(record: string): Promise<Base | undefined> {
  try {
    const { version, base } = JSON.parse(await readFile(record, "utf8")) as { version: number; base: Base };
    return version === recordVersion ? base : undefined;
  } catch (error) {
    if (isNodeError(error, "ENOENT") || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
