import { cloudInitSchemaVersion } from "../../schemas/cloud-init/version.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { SourceText } from "../diagnostics/source-text.ts";
import { Config } from "./check/config.ts";
import { report, withoutAllowed } from "./check/report.ts";
import { cloudConfigRules, partRules, textRules } from "./check/rules.ts";
import { gzipText, yamlText } from "./check/rules/unreadable.ts";
import { cloudInitSchema } from "./check/schema/cloud-init-schemas.ts";
import { splitUserData } from "./parts/split-user-data.ts";
import type { Place, UserDataPart } from "./parts/user-data-part.ts";
import { readCloudConfig } from "./read-cloud-config.ts";
import { unpackUserData } from "./unpack-user-data.ts";

export interface CheckOptions {
  /** Names the file in the diagnostics' `source`. Default: they have none. */
  readonly file?: string;
  /** Finds characters of the text, where it is written inside another file: a lab. Default: the text is `file`. */
  readonly place?: Place;
  /** cloud-init's version in the image, such as "22.4": what it deprecated later is no warning. Default: that of the schemas in `schemas/cloud-init`. */
  readonly cloudInitVersion?: string;
}

/**
 * Checks user-data before anything boots, of whatever kind: that cloud-init knows what it is and can read it, by cloud-init's own schema, and by the rules of
 * docs/reference/cloud-init-checks.md. Parts of MIME messages and archives are checked one by one; templates and packed text as far as they can be read.
 *
 * @returns errors for what cloud-init would refuse, ignore or fail on, warnings for what it should not be told; an empty array for user-data that is fine, or empty.
 *   Never throws
 * @example checkUserData("packages: [nginx]\n")[0].code // "CLOUD_INIT_HEADER_MISSING"
 */
export function checkUserData(text: string, options: CheckOptions = {}): Diagnostic[] {
  const place = options.place ?? placeInFile(text, options.file);
  const unpacked = unpackUserData(text);
  if ("problem" in unpacked) {
    const summary = `the user-data starts like base64 of gzip, but cannot be unpacked to text: ${unpacked.problem}`;
    const nextStep = "Write the user-data as plain text, or make it anew: gzip -c FILE | base64.";
    return [report(gzipText, { summary, nextStep, at: { offset: 0, length: text.length } }, place)];
  }
  // Positions in what was packed would point nowhere.
  const inside: Place = unpacked.text === text ? place : () => undefined;
  const parts = splitUserData(unpacked.text, inside);
  const whole = { kind: parts[0]?.kind ?? "empty", name: "the user-data", text, place } as const;
  const ofWhole = textRules.flatMap((rule) => rule.checkPart(whole).map((finding) => report(rule, finding, place)));
  return withoutAllowed([...ofWhole, ...parts.flatMap((part) => checkPart(part, options))], unpacked.text);
}

function placeInFile(text: string, file: string | undefined): Place {
  if (file === undefined) return () => undefined;
  const source = new SourceText(file, text);
  // A byte-order mark is no column.
  const shift = text.length - source.text.length;
  return (offset, length) => source.range(Math.max(0, offset - shift), offset - shift + Math.max(1, length));
}

function checkPart(part: UserDataPart, options: CheckOptions): Diagnostic[] {
  const found = partRules.flatMap((rule) => rule.checkPart(part).map((finding) => report(rule, finding, part.place)));
  const readable = !found.some(({ code }) => code === "CLOUD_INIT_TAB");
  const inConfig = part.kind === "cloud-config" && readable ? checkCloudConfig(part, options) : [];
  return withoutAllowed([...found, ...inConfig], part.text);
}

function checkCloudConfig({ name, text, place }: UserDataPart, { cloudInitVersion = cloudInitSchemaVersion }: CheckOptions): Diagnostic[] {
  const read = readCloudConfig(text);
  if ("problem" in read) {
    const summary = `${name} is cloud-config, but cloud-init cannot read it: ${read.problem}`;
    const nextStep = "Correct the YAML: cloud-init ignores the whole text otherwise.";
    return [report(yamlText, { summary, nextStep, at: { offset: read.offset, length: 1 } }, place)];
  }
  const { value, document } = read;
  const config = new Config({ value, document, text, schema: cloudInitSchema("cloud-config"), version: cloudInitVersion });
  return cloudConfigRules.flatMap((rule) => rule.checkConfig(config).map((finding) => report(rule, finding, place, config)));
}
