import type { Report } from "./path.ts";
import { fillEachInText } from "./settings/each.ts";
import { readText } from "./settings/read-value.ts";
import type { SandboxDraft } from "./settings/expand-sandboxes.ts";
import { parseText, type Text } from "./text.ts";

/** Texts of included files, by path as written. */
export type IncludedFiles = ReadonlyMap<string, { readonly text: string }>;

/** Values of `${var:NAME}` for included templates; in the lab itself they were replaced before. */
export type Variables = Readonly<Record<string, string | number | boolean>>;

/** The path that a `userData` text names; undefined where it is user-data itself. */
function userDataPath(text: string): string | undefined {
  return /^(\.{1,2}\/|~\/|\/)[^\n]*$/.test(text) ? text : undefined;
}

/**
 * The user's own user-data as text. Inline text and templates may name secrets; any other file is taken as it is.
 *
 * Reports `USER_DATA_FILE_UNREAD` where `files` does not have it.
 */
export function readUserData(draft: SandboxDraft, files: IncludedFiles, vars: Variables, report: Report): Text | undefined {
  const written = draft.settings.cloudInit?.userData;
  if (written === undefined) return undefined;
  const at = draft.at("cloudInit", "userData");
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
