import { createHmac } from "node:crypto";
import type { DeploymentKey } from "./deployment-key.ts";
import { ed25519KeyPair, type SshKeyPair } from "./key-pair.ts";
import { wireString } from "./wire.ts";

/** The key pair that Terrarium logs in with: authorized in every sandbox of the deployment. */
export function loginKeyPair(key: DeploymentKey): SshKeyPair {
  return ed25519KeyPair(key.derive("ssh-login", 32), "terrarium");
}

/**
 * The host key of one sandbox: its seed brings it in, so `known_hosts` is computed, never learned.
 *
 * @param sandboxName name of the sandbox as the lab has it, a counted one with its number: `web-2`
 */
export function hostKeyPair(key: DeploymentKey, sandboxName: string): SshKeyPair {
  return ed25519KeyPair(key.derive(`ssh-host/${sandboxName}`, 32), sandboxName);
}

/**
 * Tells whether secrets have changed without saying what they are: HMAC-SHA256 under a key of the deployment, cut to 64 bits.
 * Without the deployment key, guesses cannot be tried against it.
 *
 * @param parts the secrets in a fixed order; `["ab", "c"]` and `["a", "bc"]` differ
 * @returns 16 hexadecimal digits
 */
export function secretFingerprint(key: DeploymentKey, parts: readonly (string | Uint8Array)[]): string {
  const hmac = createHmac("sha256", key.derive("secret-fingerprint", 32));
  for (const part of parts) hmac.update(wireString(part));
  return hmac.digest("hex").slice(0, 16);
}
