import { createHash, createHmac } from "node:crypto";
import { nameOfSecret } from "../../../../lib/lab/text.ts";
import { wireString } from "../../../../lib/ssh/wire.ts";

/** So many digits of a hash tell it from chance: one in 2^48. */
const digits = 12;

/** Every run of hexadecimal digits that something could have been hashed to, by its windows. */
export function hashesIn(text: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [run] of text.matchAll(/[0-9a-f]{12,}/gi)) {
    for (let at = 0; at + digits <= run.length; at++) found.add(run.slice(at, at + digits).toLowerCase());
  }
  return found;
}

/**
 * Which of the candidates for a secret can be confirmed by somebody who has `text`, the code, and guesses at keys: as it stands there, hashed in ordinary ways, or under a key.
 *
 * @param keys everything that one could take for the key of an HMAC
 */
export function confirmed(
  text: string,
  {
    name,
    candidates,
    keys,
  }: { readonly name: string; readonly candidates: readonly string[]; readonly keys: readonly (string | Uint8Array)[] },
): string[] {
  const hashes = hashesIn(text);
  const reference = nameOfSecret({ env: name });
  return candidates.filter((candidate) => {
    const forms = [
      Buffer.from(candidate),
      Buffer.from(reference + candidate),
      Buffer.concat([wireString(candidate)]),
      Buffer.concat([wireString(reference), wireString(candidate)]),
    ];
    const digests = forms.flatMap((form) => [
      ...["sha256", "sha1", "md5"].map((algorithm) => createHash(algorithm).update(form).digest("hex")),
      ...keys.map((key) => createHmac("sha256", key).update(form).digest("hex")),
    ]);
    return digests.some((digest) => hashes.has(digest.slice(0, digits)));
  });
}
