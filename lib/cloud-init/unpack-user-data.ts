import { gunzipSync } from "node:zlib";
import { kindOfUserData } from "./user-data-kind.ts";

/** More than any guest could want; keeps a small text from filling the memory. */
const largestText = 16 * 1024 * 1024;

/** The text, or why there is none. */
export type Unpacked = { readonly text: string } | { readonly problem: string };

/** Unpacks base64 of gzip, which is how binary user-data is written in a text file; returns any other text as it is. */
export function unpackUserData(text: string): Unpacked {
  if (kindOfUserData(text) !== "gzip") return { text };
  try {
    const bytes = gunzipSync(Buffer.from(text, "base64"), { maxOutputLength: largestText });
    return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch (error) {
    if (error instanceof Error) return { problem: error.message };
    throw error;
  }
}
