import { hkdfSync, randomBytes } from "node:crypto";
import { inspect } from "node:util";
import type { Checked } from "../diagnostics/diagnostic.ts";

const keyBytes = 32;
const keyText = /^[A-Za-z0-9_-]{43}$/;

/**
 * The secret that a deployment's other secrets come from. It never shows itself: printing, logging or serializing one gives
 * `[deployment key]`; only `reveal()` has the text.
 */
export class DeploymentKey {
  readonly #bytes: Uint8Array;

  /** @throws RangeError if not 32 bytes */
  constructor(bytes: Uint8Array) {
    if (bytes.length !== keyBytes) throw new RangeError(`Expected a deployment key of ${keyBytes} bytes, got ${bytes.length}`);
    this.#bytes = Uint8Array.from(bytes);
  }

  /**
   * Bytes for one purpose: HKDF-SHA256 (RFC 5869), no salt, `terrarium/1/<purpose>` as info. Another purpose gives unrelated bytes.
   * The purposes in use are listed in this folder's README; they are a contract, as machines of one team must agree.
   */
  derive(purpose: string, length: number): Buffer {
    return Buffer.from(hkdfSync("sha256", this.#bytes, new Uint8Array(0), `terrarium/1/${purpose}`, length));
  }

  /** The text for `.terrarium/<lab>/key` and `TERRARIUM_KEY`: base64url, 43 characters. `parseDeploymentKey` reads it back. */
  reveal(): string {
    return Buffer.from(this.#bytes).toString("base64url");
  }

  toString(): string {
    return "[deployment key]";
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

/** A new key from the system's random source. */
export function generateDeploymentKey(): DeploymentKey {
  return new DeploymentKey(randomBytes(keyBytes));
}

/**
 * Reads what `reveal()` wrote; white space around it (a file's last newline, a pasted variable) is allowed.
 *
 * @returns `DEPLOYMENT_KEY_INVALID` for anything else; the message never holds the text itself
 * @param source where the text is from, for the message: `TERRARIUM_KEY`, a path
 */
export function parseDeploymentKey(text: string, source = "the deployment key"): Checked<DeploymentKey> {
  const trimmed = text.trim();
  const bytes = Buffer.from(trimmed, "base64url");
  // The last character carries two unused bits: comparing both ways leaves one spelling per key, so a typing error is noticed.
  if (keyText.test(trimmed) && bytes.toString("base64url") === trimmed) return { value: new DeploymentKey(bytes), diagnostics: [] };
  return {
    diagnostics: [
      {
        code: "DEPLOYMENT_KEY_INVALID",
        severity: "error",
        summary: `expected ${source} to be 32 bytes as base64url (43 characters), found ${trimmed.length} characters that are not such a key`,
        nextStep: "Copy .terrarium/<lab>/key from the machine that made the deployment, or set TERRARIUM_KEY to its content.",
      },
    ],
  };
}
