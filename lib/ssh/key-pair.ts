import { createHash, createPrivateKey, createPublicKey } from "node:crypto";
import { wireString, wireUint32 } from "./wire.ts";

/** An Ed25519 key pair in the forms OpenSSH reads from files. */
export interface SshKeyPair {
  /** One line without a newline: `ssh-ed25519 AAAA… comment`. */
  readonly publicKey: string;
  /** `-----BEGIN OPENSSH PRIVATE KEY-----` … with its last newline; not encrypted. A secret: only for files of mode 0600 and seeds. */
  readonly privateKey: string;
}

const type = "ssh-ed25519";
/** RFC 8410: a PKCS #8 Ed25519 private key is this, then its 32-byte seed. */
const pkcs8Prefix = Buffer.from("302e020100300506032b657004220420", "hex");
const spkiPrefixLength = 12;

/**
 * The key pair of a 32-byte seed. Equal input gives equal bytes, everywhere and in every release.
 *
 * @param comment printable text on one line, shown by `ssh-keygen -l` and in `authorized_keys`
 * @throws RangeError for a seed of another length, or a comment with control characters
 */
export function ed25519KeyPair(seed: Uint8Array, comment: string): SshKeyPair {
  if (seed.length !== 32) throw new RangeError(`Expected a seed of 32 bytes, got ${seed.length}`);
  if (/\p{Cc}/u.test(comment)) throw new RangeError(`Expected a comment on one line, got ${JSON.stringify(comment)}`);
  const secret = createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: "der", type: "pkcs8" });
  const point = createPublicKey(secret).export({ format: "der", type: "spki" }).subarray(spkiPrefixLength);
  const blob = Buffer.concat([wireString(type), wireString(point)]);
  return { publicKey: `${type} ${blob.toString("base64")} ${comment}`, privateKey: privateKeyFile(seed, point, blob, comment) };
}

/** OpenSSH's own container (PROTOCOL.key): the check number, random in ssh-keygen's files, is a hash of the public key here. */
function privateKeyFile(seed: Uint8Array, point: Uint8Array, blob: Buffer, comment: string): string {
  const check = createHash("sha256").update(blob).digest().subarray(0, 4);
  const inner = Buffer.concat([
    check,
    check,
    wireString(type),
    wireString(point),
    wireString(Buffer.concat([seed, point])),
    wireString(comment),
  ]);
  const padding = Buffer.from(Array.from({ length: (8 - (inner.length % 8)) % 8 }, (_, index) => index + 1));
  const file = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    wireString("none"), // cipher
    wireString("none"), // key derivation
    wireString(""), // its options
    wireUint32(1), // number of keys
    wireString(blob),
    wireString(Buffer.concat([inner, padding])),
  ]);
  const lines = file.toString("base64").match(/.{1,70}/g) ?? [];
  return ["-----BEGIN OPENSSH PRIVATE KEY-----", ...lines, "-----END OPENSSH PRIVATE KEY-----", ""].join("\n");
}
