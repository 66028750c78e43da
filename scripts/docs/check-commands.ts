import type { Command } from "commander";
import { commandLines } from "./command-line.ts";
import { codeSpans, readPage, type Page, type Problem } from "./markdown.ts";

export interface Known {
  /** The tree of `terrarium`'s commands. */
  readonly program: Command;
  /** Names of the scripts in package.json. */
  readonly scripts: ReadonlySet<string>;
}

/**
 * Checks the commands that a page shows: in `sh` blocks, after `$ ` in `console` blocks, and in code spans. `terrarium` must have the command and its flags, with as
 * many arguments as it takes (at most that many in a code span, which may leave them out); `npm run` must name a script.
 */
export function checkCommands(page: Page, known: Known): Problem[] {
  const problems: Problem[] = [];
  const check = (text: string, line: number, complete: boolean): void => {
    for (const words of commandLines(text)) {
      const wrong = checkWords(words, known, complete);
      if (wrong !== undefined) problems.push({ path: page.path, line, text: wrong });
    }
  };
  const { blocks, prose } = readPage(page);
  for (const { language, lines, line } of blocks) {
    for (const [index, text] of lines.entries()) {
      if (language === "sh") check(text, line + index, true);
      if (language === "console" && text.startsWith("$ ")) check(text.slice(2), line + index, true);
    }
  }
  for (const { line, text } of prose) for (const span of codeSpans(text)) check(span, line, false);
  return problems;
}

function checkWords(words: readonly string[], { program, scripts }: Known, complete: boolean): string | undefined {
  const [first = "", ...rest] = words.filter((word) => !["sudo", "npx", "--no-install", "time"].includes(word) && !/^\w+=/.test(word));
  if (first === "npm" && rest[0] === "test") return scripts.has("test") ? undefined : "package.json has no script test";
  if (first === "npm" && rest[0] === "run") {
    return scripts.has(rest[1] ?? "") ? undefined : `package.json has no script ${rest[1] ?? ""}`;
  }
  return first === "terrarium" ? checkTerrarium(program, "terrarium", rest, complete) : undefined;
}

function checkTerrarium(command: Command, name: string, words: readonly string[], complete: boolean): string | undefined {
  const [first, ...rest] = words;
  if (command.commands.length > 0) {
    if (first === undefined) return complete ? `${name} needs a command` : undefined;
    if (command.parent === null && (first.startsWith("-") || first === "COMMAND")) return undefined;
    const next = command.commands.find((candidate) => candidate.name() === first);
    return next ? checkTerrarium(next, `${name} ${first}`, rest, complete) : `${name} has no command ${first}`;
  }
  return checkArguments(command, name, words, complete);
}

/** Commands that run something take everything after their second argument as it is. */
function checkArguments(command: Command, name: string, words: readonly string[], complete: boolean): string | undefined {
  const takes = command.registeredArguments;
  const runs = takes.at(-1)?.variadic === true && takes.length > 1;
  const given: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    if (word === "--" || (runs && given.length === 2)) {
      given.push(...words.slice(index + 1));
      break;
    }
    if (!word.startsWith("-")) {
      given.push(word);
      continue;
    }
    const [flag = "", value] = word.split("=", 2);
    const option = command.options.find(({ short, long }) => flag === short || flag === long);
    if (!option && flag !== "--help") return `${name} has no flag ${flag}`;
    if (option?.required && value === undefined) index += 1;
  }
  const least = takes.filter(({ required }) => required).length;
  if (complete && given.length < least) return `${name} needs ${least} arguments, found ${given.length}`;
  const most = takes.at(-1)?.variadic ? Infinity : takes.length;
  return given.length > most ? `${name} takes ${most} arguments, found ${given.join(" ")}` : undefined;
}
