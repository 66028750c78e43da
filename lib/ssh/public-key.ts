import { createHash } from "node:crypto";
import { readWireStrings } from "./wire.ts";

/** A public key taken apart. The comment is left out: it is whatever the other side says. */
export interface PublicKey {
  /** `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa` … */
  readonly type: string;
  /** The key itself, base64. */
  readonly base64: string;
}

/** How many wire strings a key of each type is made of. Other types (DSA, certificates) are not taken. */
const parts: Readonly<Record<string, number>> = {
  "ssh-ed25519": 2,
  "ssh-rsa": 3,
  "ecdsa-sha2-nistp256": 3,
  "ecdsa-sha2-nistp384": 3,
  "ecdsa-sha2-nistp521": 3,
};

const written = /(?:^|\s)((?:ssh|ecdsa)-[a-z0-9-]+)\s+(AAAA[A-Za-z0-9+/]+={0,2})(?=\s|$)/;

/** Reads the public key on a line (text before and after it is allowed); undefined if there is none, or not a whole one. */
export function tryParsePublicKey(line: string): PublicKey | undefined {
  const [, type, base64] = written.exec(line) ?? [];
  if (type === undefined || base64 === undefined) return undefined;
  const strings = readWireStrings(Buffer.from(base64, "base64"));
  if (strings?.length !== parts[type] || strings?.[0]?.toString("latin1") !== type) return undefined;
  if (type === "ssh-ed25519" && strings[1]?.length !== 32) return undefined;
  return { type, base64 };
}

/**
 * What `ssh-keygen -l` and ssh's question at a first login show: `SHA256:` and 43 characters.
 *
 * @throws RangeError if the line holds no public key
 */
export function publicKeyFingerprint(line: string): string {
  const key = tryParsePublicKey(line);
  if (!key) throw new RangeError(`Expected a public key such as "ssh-ed25519 AAAA…", got ${JSON.stringify(line)}`);
  return `SHA256:${createHash("sha256").update(Buffer.from(key.base64, "base64")).digest("base64").replace(/=+$/, "")}`;
}
