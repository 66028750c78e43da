import type { SeedHostKey, SeedIntent } from "./seed-intent.ts";
import { completeEntry, userEntry } from "./users.ts";

/** The cloud-config keys that decide who can log in. */
export type LoginConfig = Readonly<Record<string, unknown>>;

/**
 * The login user, other users, the authorized keys and the host keys.
 *
 * @param theirUsers `users` of the user's own cloud-config, where it can be read: an entry for a user of ours is completed, not doubled, because cloud-init would
 *   drop the keys of one of the two
 */
export function loginConfig(intent: SeedIntent, theirUsers: unknown): LoginConfig {
  const { authorizedKeys, hostKeys } = intent;
  const keys = authorizedKeys.length === 0 ? {} : { ssh_authorized_keys: authorizedKeys };
  return { ...users(intent, theirUsers), ...keys, ...hostKeyConfig(hostKeys) };
}

function users({ user, authorizedKeys, settings }: SeedIntent, theirUsers: unknown): LoginConfig {
  const declared = settings?.users ?? [];
  const others = declared
    .filter(({ name }) => name !== user)
    .map((other) => completeEntry(userEntry(other), other.sshKeys ?? [], theirUsers));
  // "default" is the image's own user: a list without it would remove that user.
  if (user === undefined) return authorizedKeys.length === 0 && others.length === 0 ? {} : { users: ["default", ...others] };
  const own = declared.find(({ name }) => name === user);
  const keys = [...new Set([...authorizedKeys, ...(own?.sshKeys ?? [])])];
  // root exists, needs no sudo, and must not be locked; cloud-init keeps it from logging in unless told otherwise.
  const made = user === "root" ? {} : { sudo: "ALL=(ALL) NOPASSWD:ALL", shell: "/bin/bash", lock_passwd: true };
  const entry = completeEntry({ ...made, ...(own && userEntry(own)), name: user }, keys, theirUsers);
  return { users: ["default", entry, ...others], ...(user === "root" && { disable_root: false }) };
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
