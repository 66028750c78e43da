import type { ConfigRule } from "../rule.ts";
import { isMap } from "../schema/value-types.ts";

/** Top-level keys that are about the image's own user. */
const ofDefaultUser = ["ssh_authorized_keys", "ssh_import_id", "password"];

/** `users` without `default`, and keys that speak of the default user. */
export const defaultUserRule: ConfigRule = {
  code: "CLOUD_INIT_NO_DEFAULT_USER",
  severity: "warning",
  because:
    "Top-level `ssh_authorized_keys`, `ssh_import_id` and `password` are for the image's own user. A `users` list without `default` leaves that user out: the keys go to nobody who can log in. (A warning, because another part " +
    "may add `default`: in a lab, Terrarium's does.)",
  example: {
    bad: "#cloud-config\nusers: [{ name: bob }]\nssh_authorized_keys: [ssh-ed25519 AAAA me]\n",
    good: "#cloud-config\nusers: [default, { name: bob }]\nssh_authorized_keys: [ssh-ed25519 AAAA me]\n",
  },
  checkConfig: ({ value }) => {
    const { users } = value;
    const relying = ofDefaultUser.filter((key) => Object.hasOwn(value, key));
    if (!Array.isArray(users) || relying.length === 0 || users.some(isDefault)) return [];
    return [
      {
        path: ["users"],
        of: "key",
        summary: `users has no entry "default", so ${relying.join(" and ")} ${relying.length === 1 ? "is" : "are"} for a user that is not made`,
        nextStep: "Add default as the first entry of users, or move the keys to an entry of users.",
      },
    ];
  },
};

function isDefault(entry: unknown): boolean {
  return entry === "default" || (isMap(entry) && entry["name"] === "default");
}
