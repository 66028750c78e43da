import { RootCommand, type Complete } from "@bomb.sh/tab";
import type { Argument, Command } from "commander";
import { knownSandboxNames } from "../../deploy/known-names.ts";
import { capturedConsole } from "../captured-console.ts";
import { exitCodes, type CommandContext, type CommandResult } from "../context.ts";
import { releases } from "../lab-template.ts";
import { createProgram } from "../program.ts";

/** Answers the completion script: `terrarium complete -- ssh w` prints what may stand there, one a line. */
export async function run(context: CommandContext, words: readonly string[]): Promise<CommandResult> {
  const names = await knownSandboxNames({ file: fileIn(words) ?? context.env["TERRARIUM_FILE"] ?? "lab.yaml", cwd: context.cwd });
  const completion = new RootCommand();
  // The library's own commander adapter knows only fixed choices: names of sandboxes are known when one asks.
  declare(completion, createProgram(context).command, "", valuesOf(names));
  return { exitCode: exitCodes.done, text: capturedConsole(() => completion.parse([...words])) };
}

type Values = (name: string) => readonly string[];

function valuesOf(sandboxes: readonly string[]): Values {
  const known: Readonly<Record<string, readonly string[]>> = {
    sandbox: sandboxes,
    sandboxes,
    target: sandboxes,
    "allow-loss": sandboxes,
    seed: sandboxes,
    from: sandboxes.map((name) => `${name}:`),
    to: sandboxes.map((name) => `${name}:`),
    shell: ["bash", "zsh", "fish", "powershell"],
    image: releases.map(({ suite }) => suite),
  };
  return (name) => known[name] ?? [];
}

function declare(completion: RootCommand, command: Command, path: string, values: Values): void {
  const help = command.createHelp();
  if (path !== "") {
    const declared = completion.command(path, command.description());
    for (const { long, short, description, required } of help.visibleOptions(command)) {
      const name = long?.replace(/^--/, "");
      if (name === undefined) continue;
      if (required) declared.option(name, description, handler(values(name)), short?.slice(1));
      else declared.option(name, description, short?.slice(1));
    }
    for (const argument of command.registeredArguments) declared.argument(argument.name(), choices(argument, values), argument.variadic);
  }
  for (const child of help.visibleCommands(command))
    declare(completion, child, path === "" ? child.name() : `${path} ${child.name()}`, values);
}

/** Undefined leaves the shell to complete file names. */
function choices(argument: Argument, values: Values): ((complete: Complete) => void) | undefined {
  const known = values(argument.name());
  return known.length > 0 ? handler(known) : undefined;
}

function handler(known: readonly string[]): (complete: Complete) => void {
  return (complete) => {
    for (const value of known) complete(value, "");
  };
}

/** The lab file, if the words so far name one. */
function fileIn(words: readonly string[]): string | undefined {
  const at = words.findIndex((word) => word === "-f" || word === "--file");
  return at === -1 ? undefined : words[at + 1];
}
