import type { Command } from "commander";
import { flagVariable } from "../lib/cli/environment-flags.ts";
import { createProgram } from "../lib/cli/program.ts";
import type { ReferencePage } from "./reference.ts";

/** docs/reference/commands.md, from the tree of commands: `npm run generate` writes it, the drift test compares. */
export function commandReference(): ReferencePage {
  const silent = { write: () => undefined };
  const { command } = createProgram({ cwd: "/", env: {}, stdin: process.stdin, stdout: silent, stderr: silent });
  const lines = [
    "# Commands",
    "",
    "<!-- Made by `npm run generate` from lib/cli/program.ts. Do not edit. -->",
    "",
    "The lab is `lab.yaml` in the working directory, or `-f FILE`; commands that take no sandbox also accept it as their argument. Results go to stdout, with",
    "`--json` as one document; progress and messages go to stderr. A flag that the command line leaves out can be set in the environment.",
    "",
    "| exit code | means |",
    "|---|---|",
    "| 0 | done, or nothing to do |",
    "| 1 | error |",
    "| 2 | changes (`plan --detailed-exitcode` only) |",
    "| 3 | not ready in time |",
    "| 130 | interrupted |",
    "",
    "`ssh`, `exec` and `console` end with the exit code of what ran.",
    ...sections(command, "terrarium"),
  ];
  return { path: "docs/reference/commands.md", text: `${lines.join("\n")}\n` };
}

function sections(parent: Command, path: string): string[] {
  const help = parent.createHelp();
  return help
    .visibleCommands(parent)
    .filter((command) => command.name() !== "help")
    .flatMap((command) => {
      const name = `${path} ${command.name()}`;
      return command.commands.length > 0 ? sections(command, name) : section(command, name);
    });
}

function section(command: Command, name: string): string[] {
  const usage = [name, ...command.registeredArguments.map((argument) => bracketed(argument.name(), argument.required, argument.variadic))];
  const options = command.createHelp().visibleOptions(command);
  const declared = new Set(command.options);
  const rows = options
    .filter((option) => declared.has(option))
    .map((option) => `| \`${cell(option.flags)}\` | ${cell(option.description)} | \`${flagVariable(option)}\` |`);
  return [
    "",
    `## ${name.slice("terrarium ".length)}`,
    "",
    `\`${usage.join(" ")}\`: ${command.description()}.`,
    ...extraHelp(command),
    "",
    "| flag | meaning | environment |",
    "|---|---|---|",
    ...rows,
  ];
}

/** What `--help` says after the options. */
function extraHelp(command: Command): string[] {
  let text = "";
  command.configureOutput({ writeOut: (part) => (text += part) });
  command.outputHelp();
  const after = text.slice(command.helpInformation().length).trim();
  return after === "" ? [] : ["", "```", after, "```"];
}

function bracketed(name: string, required: boolean, variadic: boolean): string {
  const word = variadic ? `${name}...` : name;
  return required ? `<${word}>` : `[${word}]`;
}

/** Text for a cell of a Markdown table. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
