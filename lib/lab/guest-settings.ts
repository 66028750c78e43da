import { guestSettings } from "../../schemas/lab/cloud-init/cloud-init.ts";
import type { GuestSettingKey, GuestSettings } from "../../schemas/lab/cloud-init/guest-settings.ts";
import type { Report } from "./path.ts";
import type { SandboxDraft } from "./settings/expand-sandboxes.ts";
import { readSetting } from "./settings/read-setting.ts";
import { secretsOf, type SecretReference, type Text } from "./text.ts";

/** The settings of cloud-init that are passed on in another spelling, each text with its secrets named. */
export type LabGuestSettings = GuestSettings<Text>;

/** All of their keys, in the order of the schema. */
export const guestSettingKeys = Object.keys(guestSettings) as readonly GuestSettingKey[];

/**
 * What a sandbox says of them.
 *
 * @returns undefined where it says nothing: such a sandbox has the seed's names that it had before there were such settings
 */
export function readGuestSettings(draft: SandboxDraft, report: Report): LabGuestSettings | undefined {
  const written = draft.settings.cloudInit ?? {};
  const read = guestSettingKeys.flatMap((key) => {
    const value = written[key];
    if (value === undefined || (Array.isArray(value) && value.length === 0)) return [];
    return [[key, readSetting(value, guestSettings[key], (...path) => draft.at("cloudInit", key, ...path), report)] as const];
  });
  if (read.length === 0) return undefined;
  const settings = Object.fromEntries(read) as LabGuestSettings;
  return settings.users === undefined ? settings : { ...settings, users: joinUsers(settings.users) };
}

type Users = NonNullable<LabGuestSettings["users"]>;

/** Layers add up: of several entries for one user the later complete the earlier and win, and keys and groups are all of them. */
function joinUsers(users: Users): Users {
  const joined = new Map<string, Users[number]>();
  for (const user of users) {
    const name = JSON.stringify(user.name);
    const before = joined.get(name);
    const lists = { ...joinLists("groups", before, user), ...joinLists("sshKeys", before, user) };
    joined.set(name, { ...before, ...user, ...lists });
  }
  return [...joined.values()];
}

function joinLists(key: "groups" | "sshKeys", before: Users[number] | undefined, after: Users[number]): object {
  const all = [...(before?.[key] ?? []), ...(after[key] ?? [])];
  return all.length === 0 ? {} : { [key]: [...new Map(all.map((text) => [JSON.stringify(text), text])).values()] };
}

/** Every secret in a value made of plain data and `Text`, in order. */
export function secretsWithin(value: unknown): SecretReference[] {
  if (typeof value !== "object" || value === null) return [];
  if (isTextWithSecrets(value)) return [...secretsOf(value)];
  return Object.values(value).flatMap(secretsWithin);
}

/** The settings with each secret in its place. */
export function fillGuestSettings(settings: LabGuestSettings, fill: (text: Text) => string): GuestSettings {
  const filled = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    if (isTextWithSecrets(value)) return fill(value);
    if (Array.isArray(value)) return value.map(filled);
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, filled(part)]));
  };
  return filled(settings) as GuestSettings;
}

/** No setting has a key of this name that holds a list. */
function isTextWithSecrets(value: object): value is Exclude<Text, string> {
  return "pieces" in value && Array.isArray(value.pieces);
}
