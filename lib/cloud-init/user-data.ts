import { loginConfig } from "./login.ts";
import { mimeMultipart, type MimePart } from "./mime-multipart.ts";
import { proxyFiles } from "./proxy.ts";
import { readCloudConfig } from "./read-cloud-config.ts";
import { repositoryConfig } from "./repositories.ts";
import type { SeedIntent } from "./seed-intent.ts";
import { storageConfig } from "./storage.ts";
import { systemConfig } from "./system.ts";
import { unpackUserData } from "./unpack-user-data.ts";
import { contentTypes, kindOfUserData, saysMimeVersion, type UserDataKind } from "./user-data-kind.ts";
import { writeYaml } from "./yaml-1-1.ts";

/**
 * How cloud-init adds our part to what it has from the user's: lists become ours followed by theirs, of two values theirs stays.
 * Without it a later part replaces whole keys. Source: cloudinit/mergers.
 */
const mergeType = "list(prepend)+dict(no_replace,recurse_list)+str()";

/**
 * The user-data of a sandbox: what the lab declares, merged in the guest with the user's own text. A text that stands alone is written as it is.
 *
 * @throws RangeError for user-data that `checkUserData` has an error for and that is no user-data at all
 */
export function userData(intent: SeedIntent): string {
  const theirs = theirText(intent.userData);
  const ours = ourConfig(intent, theirs);
  const hasOurs = Object.keys(ours).length > 0;
  if (theirs === undefined) return alone(cloudConfig(ours), ourPart);
  if (!hasOurs) return alone(theirs.text, (text) => theirPart(theirs.kind, text));
  const parts = [theirPart(theirs.kind, theirs.text), ourPart(cloudConfig(ours))];
  // A patch is applied to what was merged before it; everything else has to be there before ours gives way to it.
  return mimeMultipart(theirs.kind === "cloud-config-jsonp" ? parts.toReversed() : parts);
}

/** A cloud-config text of a value, read the same by YAML 1.1 and JSON. */
export function cloudConfig(value: object): string {
  return `#cloud-config\n${writeYaml(value)}`;
}

type TextKind = keyof typeof contentTypes | "mime";

function theirText(written: string | undefined): { kind: TextKind; text: string } | undefined {
  const unpacked = unpackUserData(written ?? "");
  if ("problem" in unpacked) throw new RangeError(`Expected user-data that can be unpacked: ${unpacked.problem}`);
  const kind = kindOfUserData(unpacked.text);
  if (kind === "empty") return undefined;
  if (!isTextKind(kind))
    throw new RangeError("Expected user-data of a kind that cloud-init knows; checkUserData tells what is wrong with it");
  return { kind, text: unpacked.text };
}

function isTextKind(kind: UserDataKind): kind is TextKind {
  return kind === "mime" || kind in contentTypes;
}

function ourConfig(intent: SeedIntent, theirs: { kind: TextKind; text: string } | undefined): object {
  const { packages, runCmd, settings = {}, diskDevices = {} } = intent;
  const writeFiles = [...proxyFiles(settings), ...intent.writeFiles];
  return {
    ...loginConfig(intent, theirs?.kind === "cloud-config" ? usersOf(theirs.text) : undefined),
    ...repositoryConfig(settings),
    ...storageConfig(settings, diskDevices),
    ...systemConfig(settings),
    ...(packages.length === 0 ? {} : { packages }),
    ...(writeFiles.length === 0 ? {} : { write_files: writeFiles }),
    ...(runCmd.length === 0 ? {} : { runcmd: runCmd }),
  };
}

function usersOf(text: string): unknown {
  const read = readCloudConfig(text);
  return "problem" in read ? undefined : read.value["users"];
}

function ourPart(text: string): MimePart {
  return { contentType: contentTypes["cloud-config"], filename: "terrarium", content: text, headers: { "Merge-Type": mergeType } };
}

function theirPart(kind: TextKind, text: string): MimePart {
  return kind === "mime" ? { message: text } : { contentType: contentTypes[kind], filename: "user-data", content: text };
}

/** As it is, unless it speaks of a MIME version near its start: cloud-init would take it for a message. */
function alone(text: string, part: (text: string) => MimePart): string {
  return kindOfUserData(text) !== "mime" && saysMimeVersion(text) ? mimeMultipart([part(text)]) : text;
}
