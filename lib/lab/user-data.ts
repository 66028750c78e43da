import type { Report } from "./path.ts";
import { fillEachInText } from "./settings/each.ts";
import type { SandboxDraft } from "./settings/expand-sandboxes.ts";
import { parseText, type Text } from "./text.ts";
import type { WrittenCloudInit } from "./written-lab.ts";

/** Texts of included files, by path as written. */
export type IncludedFiles = ReadonlyMap<string, { readonly text: string }>;

/** Values of `${var:NAME}` for included templates; in the lab itself they were replaced before. */
export type Variables = Readonly<Record<string, string | number | boolean>>;

/** The path that a `userData` names; undefined where it is the text itself. */
export function userDataPath(userData: WrittenCloudInit["userData"]): string | undefined {
  if (typeof userData === "object") return userData.file;
  return userData !== undefined && /^(\.{1,2}\/|~\/|\/)[^\n]*$/.test(userData) ? userData : undefined;
}

/**
 * The user's own user-data as text. Inline text and templates may name secrets; any other file is taken as it is.
 *
 * Reports `USER_DATA_FILE_UNREAD` where `files` does not have it.
 */
export function readUserData(draft: SandboxDraft, files: IncludedFiles, vars: Variables, report: Report): Text | undefined {
  const userData = draft.settings.cloudInit?.userData;
  if (userData === undefined) return undefined;
  const path = userDataPath(userData);
  if (path === undefined) return typeof userData === "string" ? parseText(userData) : undefined;
  const at = draft.at("cloudInit", "userData");
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
  const isTemplate = typeof userData === "object" && userData.template === true;
  return isTemplate
    ? parseText(String(fillEachInText(fillVariables(file.text, vars, path, draft, report), draft.each, at, report)))
    : file.text;
}

function fillVariables(text: string, vars: Variables, file: string, draft: SandboxDraft, report: Report): string {
  return text.replaceAll(/\$(\$?)\{var:([A-Za-z_][A-Za-z0-9_]*)\}/g, (written, escaped: string, name: string) => {
    if (escaped === "$") return written;
    if (Object.hasOwn(vars, name)) return String(vars[name]);
    report({
      code: "UNKNOWN_VARIABLE",
      severity: "error",
      path: draft.at("cloudInit", "userData"),
      summary: `variable "${name}" in ${file} has no value`,
      nextStep: `Add it under \`vars\`, pass \`--var ${name}=…\`, or write $\${var:${name}} if the text is the guest's own.`,
    });
    return written;
  });
}
