import type { GuestSetting } from "../../schemas/lab/cloud-init/guest-settings.ts";
import { withoutAbsent } from "./without-absent.ts";

/** An entry of `users`, as cloud-init spells it. */
export type UserEntry = Readonly<Record<string, unknown>>;

/** A declared user as an entry, without its keys: those are joined with others. */
export function userEntry(user: GuestSetting<"users">): UserEntry {
  return withoutAbsent({
    name: user.name,
    gecos: user.fullName,
    groups: user.groups?.length ? user.groups : undefined,
    primary_group: user.primaryGroup,
    shell: user.shell,
    homedir: user.home,
    uid: user.uid,
    sudo: user.sudo,
    hashed_passwd: user.passwordHash,
    lock_passwd: user.lockPassword,
    system: user.system,
    no_create_home: user.createHome === undefined ? undefined : !user.createHome,
    expiredate: user.expires,
  });
}

/**
 * An entry that is declared, completed by those of the user's own cloud-config for the same name: cloud-init would join the entries, but drop the keys of one.
 *
 * @param keys that are declared for this user
 * @param theirUsers `users` of the user's own cloud-config, where it can be read
 */
export function completeEntry(declared: UserEntry, keys: readonly string[], theirUsers: unknown): UserEntry {
  const theirs = entryOf(declared["name"], theirUsers);
  const theirKeys = Array.isArray(theirs["ssh_authorized_keys"]) ? (theirs["ssh_authorized_keys"] as unknown[]) : [];
  const allKeys = [...new Set<unknown>([...keys, ...theirKeys])];
  return { ...declared, ...theirs, name: declared["name"], ...(allKeys.length > 0 && { ssh_authorized_keys: allKeys }) };
}

/** Of several entries for one user cloud-init takes what stands first; `-` in a key is `_` to it. */
function entryOf(name: unknown, users: unknown): UserEntry {
  if (!Array.isArray(users)) return {};
  const entries = users.filter(
    (entry): entry is object => typeof entry === "object" && entry !== null && "name" in entry && entry.name === name,
  );
  const settings = entries.toReversed().flatMap((entry) => Object.entries(entry) as [string, unknown][]);
  return Object.fromEntries(settings.map(([key, value]) => [key.replaceAll("-", "_"), value]));
}
