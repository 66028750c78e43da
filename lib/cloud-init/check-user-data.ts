import { isScalar, type Document, isMap } from "yaml";
import type { Diagnostic, SourceRange } from "../diagnostics/diagnostic.ts";
import { readCloudConfig } from "./read-cloud-config.ts";
import { unpackUserData } from "./unpack-user-data.ts";
import { kindOfUserData } from "./user-data-kind.ts";

const kinds =
  '"#cloud-config", "#!/bin/sh" (any script), "#include", "#cloud-boothook", "#part-handler", "## template: jinja", or a MIME message';

/**
 * Checks what can be told about user-data before anything boots: that cloud-init will know what it is, can read it, and does not ignore network settings in it.
 *
 * @param file names the file in the diagnostics' `source`; without it they have none
 * @returns an empty array for user-data that is fine, or empty; never throws
 * @example checkUserData("packages: [nginx]\n")[0].code // "CLOUD_INIT_HEADER_MISSING"
 */
export function checkUserData(text: string, file?: string): Diagnostic[] {
  const unpacked = unpackUserData(text);
  if ("problem" in unpacked) {
    return [
      {
        code: "CLOUD_INIT_GZIP",
        severity: "error",
        summary: `the user-data starts like base64 of gzip, but cannot be unpacked to text: ${unpacked.problem}`,
        nextStep: "Write the user-data as plain text, or make it anew: gzip -c FILE | base64.",
        source: file === undefined ? undefined : sourceAt(text, file, 0, text.length),
      },
    ];
  }
  // Positions in what was packed would point nowhere.
  const place: Place =
    unpacked.text === text && file !== undefined ? (offset, length) => sourceAt(text, file, offset, length) : () => undefined;
  const kind = kindOfUserData(unpacked.text);
  // Packed twice is for nobody to read.
  if (kind === "unknown" || kind === "gzip") return [headerMissing(unpacked.text, place)];
  if (kind === "cloud-config") return checkCloudConfig(unpacked.text, place);
  return kind === "jinja" ? checkTemplate(unpacked.text, place) : [];
}

type Place = (offset: number, length: number) => SourceRange | undefined;

function headerMissing(text: string, place: Place): Diagnostic {
  const [firstLine = ""] = text.split(/\r?\n/, 1);
  return {
    code: "CLOUD_INIT_HEADER_MISSING",
    severity: "error",
    summary: `cloud-init ignores this user-data: its first line must say what it is, and is ${JSON.stringify(firstLine.slice(0, 60))}`,
    nextStep: nextStepFor(text, firstLine),
    source: place(0, firstLine.length),
  };
}

function nextStepFor(text: string, firstLine: string): string {
  if (text.startsWith("\ufeff")) return "Save the file without a byte-order mark: it stands before the first line.";
  const misspelt = /^\s*#[\s#]*cloud[\s_-]*config/i.test(firstLine);
  if (misspelt) return 'Write the first line exactly so: "#cloud-config", without spaces.';
  if (/^[\w-]+\s*:/.test(firstLine)) return 'If this is cloud-config, add the first line "#cloud-config".';
  return `Start it with one of: ${kinds}.`;
}

function checkCloudConfig(text: string, place: Place): Diagnostic[] {
  const read = readCloudConfig(text);
  if (!("problem" in read)) return checkNetworkKey(read.document, place);
  return [
    {
      code: "CLOUD_INIT_YAML",
      severity: "error",
      summary: `the user-data is "#cloud-config", but cloud-init cannot read it: ${read.problem}`,
      nextStep: "Correct the YAML: cloud-init ignores the whole text otherwise.",
      source: place(read.offset, 1),
    },
  ];
}

function checkNetworkKey({ contents }: Document.Parsed, place: Place): Diagnostic[] {
  const key = isMap(contents)
    ? contents.items.map((pair) => pair.key).find((node) => isScalar(node) && node.value === "network")
    : undefined;
  const [start = 0, end = start] = (isScalar(key) && key.range) || [];
  return key === undefined ? [] : [networkInUserData(place(start, end - start))];
}

/** What a template makes is known in the guest only: its second line, and keys that stand there literally. */
function checkTemplate(text: string, place: Place): Diagnostic[] {
  const secondLine = text.indexOf("\n") + 1;
  const rest = secondLine === 0 ? "" : text.slice(secondLine);
  const kind = kindOfUserData(rest);
  if (kind === "unknown" || kind === "empty") return [headerMissing(rest, (offset, length) => place(secondLine + offset, length))];
  const key = kind === "cloud-config" ? /^(["']?)network\1[ \t]*:/m.exec(rest) : null;
  return key === null ? [] : [networkInUserData(place(secondLine + key.index, "network".length))];
}

function networkInUserData(source: SourceRange | undefined): Diagnostic {
  return {
    code: "CLOUD_INIT_NETWORK_IN_USER_DATA",
    severity: "error",
    summary: 'cloud-init ignores the key "network" in user-data: a network is configured before user-data is read',
    nextStep:
      "Declare it in the sandbox's networks (addresses, names and routes follow from them), or move what stands under it to cloudInit.networkConfig.",
    source,
  };
}

function sourceAt(text: string, file: string, offset: number, length: number): SourceRange {
  const before = text.slice(0, offset).split("\n");
  const line = text.split("\n")[before.length - 1]?.replace(/\r$/, "") ?? "";
  const column = (before.at(-1)?.length ?? 0) + 1;
  return { file, line: before.length, column, length: Math.max(1, Math.min(length, line.length - column + 1)), text: line };
}
