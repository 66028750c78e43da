import { boolean, closedObject, type Schema } from "../value.ts";
import { bootCmd, command } from "./command.ts";
import { apt, proxy, yum } from "./repositories.ts";
import { disks, growPart, mounts } from "./storage.ts";
import { caCerts, locale, ntp, phoneHome, powerState, timezone } from "./system.ts";
import { text, texts } from "./texts.ts";
import { users } from "./users.ts";

export const writeFile: Schema = closedObject(
  {
    path: { description: "Absolute path in the guest.", type: "string", pattern: "^/" },
    content: { description: "The file's text.", type: "string" },
    permissions: {
      description: "Octal mode, in quotes.",
      type: "string",
      pattern: "^0?[0-7]{3,4}$",
      default: "0644",
    },
    owner: { description: "`user` or `user:group`; the user must exist by then (see `defer`).", type: "string", default: "root:root" },
    append: boolean({ description: "Adds to the file instead of replacing it.", default: false }),
    defer: boolean({ description: "Writes it at the end of cloud-init, when users and packages are there.", default: false }),
  },
  { title: "WriteFile", description: "A file written on first boot.", required: ["path", "content"] },
);

export const userDataFile: Schema = closedObject(
  {
    file: { description: "Path of the file, relative to the lab file.", type: "string", minLength: 1 },
    template: {
      description: "Replaces `${var:…}`, `${each:…}`, `${env:…}` and `${file:…}` in it.",
      type: "boolean",
      default: false,
    },
  },
  { title: "UserDataFile", description: "A file with user-data or vendor-data.", required: ["file"] },
);

/** A text, a file, or several of them. */
function ownData(description: string): Schema {
  const one: readonly Schema[] = [{ type: "string", minLength: 1 }, { $ref: "#/$defs/userDataFile" }];
  return { description, anyOf: [...one, { type: "array", items: { anyOf: one }, minItems: 1 }] };
}

/** Keys that are cloud-init's own in another spelling: read and written by one way for all of them. */
export const guestSettings = {
  users,
  sshKeys: texts("Public keys that may log in as the login user and as the image's own, beside the sandbox's `sshKeys`."),
  packageUpdate: boolean({ description: "Reads the package lists before packages are installed.", default: false }),
  packageUpgrade: boolean({ description: "Upgrades all packages.", default: false }),
  apt,
  yum,
  proxy,
  bootCmd,
  disks,
  mounts,
  growPart,
  ntp,
  timezone,
  locale,
  caCerts,
  powerState,
  phoneHome,
} as const satisfies Readonly<Record<string, Schema>>;

export const cloudInit: Schema = closedObject(
  {
    hostname: text("Host name in the guest, one DNS label. Default: the sandbox's name, which stays its name everywhere else."),
    fqdn: text("Fully qualified host name. Default: host name and domain of the first network."),
    packages: { description: "Packages to install on first boot.", type: "array", items: { type: "string", minLength: 1 }, default: [] },
    runCmd: { description: "Commands to run at the end of the first boot, in order, as root.", type: "array", items: command, default: [] },
    writeFiles: { description: "Files to write on first boot.", type: "array", items: { $ref: "#/$defs/writeFile" }, default: [] },
    ...guestSettings,
    userData: ownData(
      "User-data of your own, of any kind that cloud-init knows (`#cloud-config`, `#!` script, MIME …): inline, or the path of a file (starts with `./`, `../`, `/` or `~/`). It is merged with what the keys above make; your keys win. A list has several, of whatever kinds: lists in them follow one another, and of two values the first one's stays.",
    ),
    vendorData: ownData(
      "Vendor-data of your own, in the same forms: defaults that user-data wins over. It is merged with Terrarium's own defaults; your keys win.",
    ),
    metaData: {
      description:
        "Further keys of the meta-data, which templates find below `ds.meta_data`. `instance-id` and `local-hostname` (with `seed: configdrive`: `uuid` and `hostname`) are Terrarium's.",
      type: "object",
      additionalProperties: true,
    },
    networkConfig: {
      description: "cloud-init network configuration (version 1 or 2) instead of what the lab makes from `networks`.",
      type: "object",
      properties: { version: { description: "Version of the format.", enum: [1, 2] } },
      required: ["version"],
      additionalProperties: true,
    },
    onChange: {
      description:
        "What another declaration of cloud-init does to a sandbox that is there. `rerun`: reboot with a new seed; cloud-init runs again on the same disk. `rebuild`: the root disk is made anew, a loss that has to be agreed to. `ignore`: nothing, until the sandbox gets a new seed for another reason: another image, host name or network.",
      enum: ["rerun", "rebuild", "ignore"],
      default: "rerun",
    },
  },
  { title: "CloudInit", description: "What cloud-init does inside the sandbox on first boot." },
);
