import { resolve } from "node:path";
import { stringify } from "yaml";
import { openLab, requireUnchangedLock, terraformJsonFor } from "../../deploy/open-lab.ts";
import { showSeed } from "../../deploy/show-seed.ts";
import { writeSynthFolder } from "../../deploy/synth-folder.ts";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";
import { openLabOptions } from "../lab-options.ts";
import { escapeText } from "../output/escape.ts";

export interface SynthOptions extends CommonOptions {
  readonly out?: string;
  readonly printLab?: boolean;
  readonly locked?: boolean;
  readonly seed?: string;
  readonly reveal?: boolean;
}

export async function run(context: CommandContext, [file]: readonly string[], options: SynthOptions): Promise<CommandResult> {
  if (options.out !== undefined && options.printLab) throw outOrPrint();
  if (options.seed !== undefined && (options.out !== undefined || options.printLab)) throw seedAlone();
  const opened = await openLab(openLabOptions(context, options, file));
  if (options.locked) requireUnchangedLock(opened);
  const { lab, diagnostics } = opened;
  if (options.seed !== undefined) {
    const seed = await showSeed(opened, options.seed, { env: context.env, reveal: options.reveal });
    const text = seed.files.map(({ path, content }) => `==> ${path} <==\n${escapeText(content).replace(/\n?$/, "\n")}`).join("\n");
    return { exitCode: exitCodes.done, diagnostics, text, document: { ok: true, ...seed } };
  }
  if (options.out !== undefined) {
    const files = await writeSynthFolder(opened, resolve(context.cwd, options.out));
    const text = `Wrote ${files.join(" and ")} to ${options.out}. Complete it with \`terrarium prepare ${options.out}\`, then Terraform can apply it.\n`;
    return { exitCode: exitCodes.done, diagnostics, text, document: { ok: true, directory: options.out, files } };
  }
  if (!options.printLab) return { exitCode: exitCodes.done, diagnostics, text: `${await terraformJsonFor(opened)}\n`, foreignForm: true };
  // No line folding: a long key or command stays one line that can be searched and copied.
  return { exitCode: exitCodes.done, diagnostics, text: stringify(lab, { lineWidth: 0, aliasDuplicateObjects: false }), document: lab };
}

function outOrPrint(): DiagnosticError {
  return new DiagnosticError({
    code: "BAD_OPTION",
    severity: "error",
    summary: "--out and --print-lab cannot stand together",
    nextStep: "--out writes the normalized lab, too: it is terrarium.lab.json in that folder.",
  });
}

function seedAlone(): DiagnosticError {
  return new DiagnosticError({
    code: "BAD_OPTION",
    severity: "error",
    summary: "--seed shows one seed, and stands with neither --out nor --print-lab",
    nextStep: "Leave one of them out.",
  });
}
