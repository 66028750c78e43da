import type { SeedHostKey, SeedIntent } from "./seed-intent.ts";

/** The cloud-config keys that decide who can log in. */
export type LoginConfig = Readonly<Record<string, unknown>>;

/**
 * The login user, the authorized keys and the host keys.
 *
 * @param theirUsers `users` of the user's own cloud-config, where it can be read: an entry for the login user is completed, not doubled, because cloud-init would
 *   drop the keys of one of the two
 */
export function loginConfig({ user, authorizedKeys, hostKeys }: SeedIntent, theirUsers: unknown): LoginConfig {
  const keys = authorizedKeys.length === 0 ? {} : { ssh_authorized_keys: authorizedKeys };
  return { ...users(user, authorizedKeys, theirUsers), ...keys, ...hostKeyConfig(hostKeys) };
}

function users(user: string | undefined, authorizedKeys: readonly string[], theirUsers: unknown): LoginConfig {
  // "default" is the image's own user: a list without it would remove that user.
  if (user === undefined) return authorizedKeys.length === 0 ? {} : { users: ["default"] };
  const theirs = entryOf(user, theirUsers);
  const theirKeys = Array.isArray(theirs["ssh_authorized_keys"]) ? (theirs["ssh_authorized_keys"] as unknown[]) : [];
  const allKeys = [...new Set([...authorizedKeys, ...theirKeys])];
  const keys = allKeys.length === 0 ? {} : { ssh_authorized_keys: allKeys };
  // root exists, needs no sudo, and must not be locked; cloud-init keeps it from logging in unless told otherwise.
  if (user === "root") return { users: ["default", { ...theirs, name: user, ...keys }], disable_root: false };
  const made = { sudo: "ALL=(ALL) NOPASSWD:ALL", shell: "/bin/bash", lock_passwd: true };
  return { users: ["default", { ...made, ...theirs, name: user, ...keys }] };
}

/** Of several entries for one user cloud-init takes what stands first; `-` in a key is `_` to it. */
function entryOf(user: string, users: unknown): Record<string, unknown> {
  if (!Array.isArray(users)) return {};
  const entries = users.filter(
    (entry): entry is object => typeof entry === "object" && entry !== null && "name" in entry && entry.name === user,
  );
  const settings = entries.toReversed().flatMap((entry) => Object.entries(entry) as [string, unknown][]);
  return Object.fromEntries(settings.map(([key, value]) => [key.replaceAll("-", "_"), value]));
}

/** No key that came with the image or that cloud-init would make stays beside ours: `known_hosts` is computed from them. */
function hostKeyConfig(hostKeys: readonly SeedHostKey[]): LoginConfig {
  if (hostKeys.length === 0) return {};
  const entries = hostKeys.flatMap(({ type, privateKey, publicKey }) => [
    [`${type}_private`, privateKey],
    [`${type}_public`, publicKey],
  ]);
  return { ssh_deletekeys: true, ssh_genkeytypes: hostKeys.map(({ type }) => type), ssh_keys: Object.fromEntries(entries) as unknown };
}
