import type { Path, Report } from "./path.ts";
import { fillEachInText } from "./settings/each.ts";
import { readText } from "./settings/read-value.ts";
import type { SandboxDraft } from "./settings/expand-sandboxes.ts";
import { parseText, type Text } from "./text.ts";
import { userDataPath, writtenParts, type WrittenPart } from "./written/user-data-path.ts";

/** Texts of included files, by path as written. */
export type IncludedFiles = ReadonlyMap<string, { readonly text: string }>;

/** Values of `${var:NAME}` for included templates; in the lab itself they were replaced before. */
export type Variables = Readonly<Record<string, string | number | boolean>>;

/** Where the user's own texts stand. */
export const ownDataKeys = ["userData", "vendorData"] as const;
export type OwnDataKey = (typeof ownDataKeys)[number];

/**
 * The user's own user-data or vendor-data as text, or as a list of texts where a list was written. Inline text and templates may name secrets; any other file is taken as it is.
 *
 * Reports `USER_DATA_FILE_UNREAD` where `files` does not have it.
 */
export function readUserData(
  key: OwnDataKey,
  draft: SandboxDraft,
  files: IncludedFiles,
  vars: Variables,
  report: Report,
): Text | readonly Text[] | undefined {
  const written = draft.settings.cloudInit?.[key];
  const texts = writtenParts(written).flatMap(({ part, steps }) => {
    const text = readPart(part, { draft, at: draft.at("cloudInit", key, ...steps), files, vars, report });
    return text === undefined ? [] : [text];
  });
  return Array.isArray(written) ? texts : texts[0];
}

/** The texts of one key, whether it has one or several. */
export function textsOf(own: Text | readonly Text[] | undefined): readonly Text[] {
  if (own === undefined) return [];
  return isTextList(own) ? own : [own];
}

function isTextList(own: Text | readonly Text[]): own is readonly Text[] {
  return Array.isArray(own);
}

interface Surroundings {
  readonly draft: SandboxDraft;
  readonly at: Path;
  readonly files: IncludedFiles;
  readonly vars: Variables;
  readonly report: Report;
}

function readPart(written: WrittenPart, surroundings: Surroundings): Text | undefined {
  const { draft, at, files, report } = surroundings;
  const isFile = typeof written === "object";
  // `${each:…}` alone in it may have given a number.
  const text = readText(isFile ? written.file : written, () => at, report) ?? "";
  const path = isFile ? text : userDataPath(text);
  if (path === undefined) return parseText(text);
  const file = files.get(path);
  if (file === undefined) {
    report({
      code: "USER_DATA_FILE_UNREAD",
      severity: "error",
      path: at,
      summary: `user-data file ${path} of sandbox "${draft.writtenAs}" could not be read`,
      nextStep: "Check that the file is there: the path is relative to the lab file.",
    });
    return undefined;
  }
  return isFile && written.template === true
    ? parseText(String(fillEachInText(fillVariables(file.text, path, surroundings), draft.each, at, report)))
    : file.text;
}

function fillVariables(text: string, file: string, { vars, at, report }: Surroundings): string {
  return text.replaceAll(/\$(\$?)\{var:([A-Za-z_][A-Za-z0-9_]*)\}/g, (written, escaped: string, name: string) => {
    if (escaped === "$") return written;
    if (Object.hasOwn(vars, name)) return String(vars[name]);
    report({
      code: "UNKNOWN_VARIABLE",
      severity: "error",
      path: at,
      summary: `variable "${name}" in ${file} has no value`,
      nextStep: `Add it under \`vars\`, pass \`--var ${name}=…\`, or write $\${var:${name}} if the text is the guest's own.`,
    });
    return written;
  });
}
