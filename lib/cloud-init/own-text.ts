import { mimeMultipart, type MimePart } from "./mime-multipart.ts";
import { unpackUserData } from "./unpack-user-data.ts";
import { contentTypes, kindOfUserData, saysMimeVersion, type UserDataKind } from "./user-data-kind.ts";
import { writeYaml } from "./yaml-1-1.ts";

/*
 * How cloud-init adds a part to what it has from those before: lists are joined, of two values the one that is there stays.
 * Without a merge type a later part replaces whole keys. Source: cloudinit/mergers.
 */
/** For ours, the last: our lists come first. */
const mergeOurs = "list(prepend)+dict(no_replace,recurse_list)+str()";
/** Among the user's own: in their order. */
const mergeTheirs = "list(append)+dict(no_replace,recurse_list)+str()";

type TextKind = keyof typeof contentTypes | "mime";

/** A text of the user's own: user-data or vendor-data, unpacked. */
export interface OwnText {
  readonly kind: TextKind;
  readonly text: string;
}

/**
 * The user's own texts, those without content left out.
 *
 * @throws RangeError for what `checkUserData` has an error for and that is no user-data at all
 */
export function readOwnTexts(written: string | readonly string[] | undefined): readonly OwnText[] {
  const texts = written === undefined ? [] : typeof written === "string" ? [written] : written;
  return texts.flatMap((text) => {
    const unpacked = unpackUserData(text);
    if ("problem" in unpacked) throw new RangeError(`Expected user-data that can be unpacked: ${unpacked.problem}`);
    const kind = kindOfUserData(unpacked.text);
    if (kind === "empty") return [];
    if (!isTextKind(kind))
      throw new RangeError("Expected user-data of a kind that cloud-init knows; checkUserData tells what is wrong with it");
    return [{ kind, text: unpacked.text }];
  });
}

/**
 * Our cloud-config merged with the user's own texts. One text that stands alone is written as it is.
 *
 * @param name what the parts are called: `user-data`; several have numbers, in whose order cloud-init runs scripts
 */
export function withOwnTexts(ours: object, theirs: readonly OwnText[], name: string): string {
  const hasOurs = Object.keys(ours).length > 0;
  const [first, ...others] = theirs;
  if (first === undefined) return alone(cloudConfig(ours), ourPart);
  if (others.length === 0 && !hasOurs) return alone(first.text, () => theirPart(first, name));
  const parts = theirs.map((own, index) => {
    const part = theirPart(own, others.length === 0 ? name : `${name}-${String(index + 1).padStart(3, "0")}`);
    return others.length === 0 || "message" in part ? part : { ...part, headers: { "Merge-Type": mergeTheirs } };
  });
  // A patch is applied to what was merged before it; everything else has to be there before ours gives way to it.
  const isPatch = (_: unknown, index: number): boolean => theirs[index]?.kind === "cloud-config-jsonp";
  return mimeMultipart([
    ...parts.filter((part, index) => !isPatch(part, index)),
    ...(hasOurs ? [ourPart(cloudConfig(ours))] : []),
    ...parts.filter(isPatch),
  ]);
}

function isTextKind(kind: UserDataKind): kind is TextKind {
  return kind === "mime" || kind in contentTypes;
}

/** A cloud-config text of a value, read the same by YAML 1.1 and JSON. */
function cloudConfig(value: object): string {
  return `#cloud-config\n${writeYaml(value)}`;
}

function ourPart(text: string): MimePart {
  return { contentType: contentTypes["cloud-config"], filename: "terrarium", content: text, headers: { "Merge-Type": mergeOurs } };
}

function theirPart({ kind, text }: OwnText, filename: string): MimePart {
  return kind === "mime" ? { message: text } : { contentType: contentTypes[kind], filename, content: text };
}

/** As it is, unless it speaks of a MIME version near its start: cloud-init would take it for a message. */
function alone(text: string, part: (text: string) => MimePart): string {
  return kindOfUserData(text) !== "mime" && saysMimeVersion(text) ? mimeMultipart([part(text)]) : text;
}
