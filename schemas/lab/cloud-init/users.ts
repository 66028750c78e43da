import { boolean, closedObject, integer, type Schema } from "../value.ts";
import { text, texts } from "./texts.ts";

export const guestUser: Schema = closedObject(
  {
    name: { description: "Login name.", type: "string", pattern: "^[a-z_][a-z0-9_-]{0,31}$" },
    fullName: text("Full name."),
    groups: texts("Further groups; each is made where it is missing."),
    primaryGroup: text("Main group. Default: one of the user's own name."),
    shell: text("Login shell.", { pattern: "^/", default: "/bin/bash" }),
    home: text("Home directory. Default: below /home.", { pattern: "^/" }),
    uid: integer(0, 4294967294, { description: "User id. Default: the next free one." }),
    sudo: text("Rule for sudo: `ALL=(ALL) NOPASSWD:ALL`. Default: no sudo."),
    sshKeys: texts("Public keys that may log in as this user."),
    passwordHash: text("Hash of a password, as `openssl passwd -6` makes it. It is kept out of everything but the seed if it is a secret."),
    lockPassword: boolean({ description: "Allows no login with a password.", default: true }),
    system: boolean({ description: "A system user: no home directory, low id.", default: false }),
    createHome: boolean({ description: "Makes the home directory.", default: true }),
    expires: text("Last day of the account: `2030-12-31`."),
  },
  { title: "GuestUser", description: "A user in the guest.", required: ["name"] },
);

export const users: Schema = {
  description: "Users to make beside the login user and the image's own. An entry for the login user (`user`) changes that one.",
  type: "array",
  items: { $ref: "#/$defs/guestUser" },
  default: [],
};
