import { lstat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import { checkName } from "../../lab/rules/name.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";
import { labTemplate, releases, type Release } from "../lab-template.ts";
import { schemaText } from "../schema-text.ts";
import { isInteractive } from "../terminal.ts";
import { wholeNumber } from "../whole-number.ts";
import { writeNew } from "../write-new.ts";

export interface InitOptions extends CommonOptions {
  readonly name?: string;
  readonly image?: string;
  readonly count?: string;
}

const schemaFile = ".vscode/lab.schema.json";

export async function run(context: CommandContext, [file = "lab.yaml"]: readonly string[], options: InitOptions): Promise<CommandResult> {
  const path = resolve(context.cwd, file);
  const folder = dirname(path);
  // Looked at before anything is asked: nobody wants to answer questions for nothing.
  if (await exists(path)) throw fileExists(file);
  const given = checkedFlags(options);
  const choice = isInteractive(context, options) ? await ask(given, folder) : given;
  if (!choice) return { exitCode: exitCodes.interrupted };
  const { name = nameOf(folder), release = releases[0], count = 1 } = choice;
  if (!(await writeNew(path, labTemplate({ name, release, count, schema: schemaFile })))) throw fileExists(file);
  const settings = await writeEditorSettings(folder, path);
  const wrote = [file, ...settings.map((name) => join(dirname(file), name))];
  const text = `Wrote ${wrote.join(", ")}.\nNext: terrarium validate${file === "lab.yaml" ? "" : ` ${file}`}, then terrarium apply${file === "lab.yaml" ? "" : ` ${file}`}.\n`;
  return { exitCode: exitCodes.done, text, document: { ok: true, lab: name, files: wrote } };
}

interface Choice {
  readonly name?: string;
  readonly release?: Release;
  readonly count?: number;
}

function checkedFlags({ name, image, count }: InitOptions): Choice {
  const bad = name === undefined ? [] : checkName("lab", name, ["lab"]);
  if (bad.length > 0) throw new DiagnosticError(bad);
  const release = releases.find((candidate) => image !== undefined && [candidate.image, candidate.suite].includes(image.toLowerCase()));
  if (image !== undefined && !release) {
    throw new DiagnosticError({
      code: "BAD_OPTION",
      severity: "error",
      summary: `expected a release for --image, found ${JSON.stringify(image)}`,
      nextStep: `Take one of ${releases.map(({ suite, image: known }) => `${suite} (${known})`).join(", ")}; other images can be written into the file.`,
    });
  }
  return { name, release, count: count === undefined ? undefined : wholeNumber("--count", count, 1, 1000) };
}

/** @returns undefined if the user left */
async function ask(given: Choice, folder: string): Promise<Choice | undefined> {
  const { isCancel, select, text } = await import("@clack/prompts");
  const name =
    given.name ??
    (await text({
      message: "Name of the lab",
      initialValue: nameOf(folder),
      validate: (value) => checkName("lab", value ?? "", ["lab"])[0]?.nextStep,
    }));
  if (isCancel(name)) return undefined;
  const suite =
    given.release?.suite ??
    (await select({ message: "What the sandboxes run", options: releases.map(({ suite: value, image: label }) => ({ value, label })) }));
  if (isCancel(suite)) return undefined;
  const count =
    given.count ??
    (await text({
      message: "How many sandboxes",
      initialValue: "1",
      validate: (value) => (/^[1-9]\d{0,2}$/.test(value ?? "") ? undefined : "A number from 1 to 999."),
    }));
  if (isCancel(count)) return undefined;
  return { name, release: releases.find((release) => release.suite === suite), count: Number(count) };
}

/** The folder's name as a DNS label. */
function nameOf(folder: string): string {
  const label = basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, 40)
    .replaceAll(/^-+|-+$/g, "");
  return label === "" ? "lab" : label;
}

/**
 * The schema, and settings that name it; each only where there is none. Settings of the user's own stay as they are: the lab file's first line tells editors
 * its schema, too.
 */
async function writeEditorSettings(folder: string, path: string): Promise<string[]> {
  const settings = { "yaml.schemas": { [schemaFile]: [relative(folder, path), "*.lab.yaml"] } };
  const files = { [schemaFile]: schemaText(), ".vscode/settings.json": `${JSON.stringify(settings, null, 2)}\n` };
  const wrote: string[] = [];
  for (const [name, text] of Object.entries(files)) if (await writeNew(join(folder, name), text)) wrote.push(name);
  return wrote;
}

async function exists(path: string): Promise<boolean> {
  try {
    // A link that leads nowhere is a file of the user's, too.
    await lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}

function fileExists(file: string): DiagnosticError {
  return new DiagnosticError({
    code: "FILE_EXISTS",
    severity: "error",
    summary: `${file} is already there, and is not overwritten`,
    nextStep: "Name another file: `terrarium init other.yaml`. Or check the one you have: `terrarium validate`.",
  });
}
