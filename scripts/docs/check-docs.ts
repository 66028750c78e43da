import type { Command } from "commander";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { flagVariable } from "../../lib/cli/environment-flags.ts";
import { createProgram } from "../../lib/cli/program.ts";
import { checkCommands } from "./check-commands.ts";
import { checkLab, checkLabs } from "./check-labs.ts";
import { checkLinks } from "./check-links.ts";
import { capitalNames, checkNames } from "./check-names.ts";
import type { Page, Problem } from "./markdown.ts";

/** Pages beside those of docs/, for users and contributors. */
const otherPages = ["README.md", "CHANGELOG.md", ".github/CONTRIBUTING.md", "test/README.md", "examples/README.md", "bench/README.md"];

/** All pages that are checked, by path relative to the project. */
export function docPages(root: string): Page[] {
  const docs = filesBelow(root, "docs", ".md");
  const others = otherPages.filter((path) => filesBelow(root, join(path, ".."), ".md").includes(path));
  return [...others, ...docs].map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
}

/** What is wrong in the documentation: links, commands, labs, names of codes and variables. Runs nothing and changes nothing. */
export function checkDocs(root: string): Problem[] {
  const pages = docPages(root);
  const silent = { write: () => undefined };
  const { command: program } = createProgram({ cwd: "/", env: {}, stdin: process.stdin, stdout: silent, stderr: silent });
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: Readonly<Record<string, string>> };
  const known = { program, scripts: new Set(Object.keys(scripts)) };
  const sources = ["lib", "scripts", "test", "bench"].flatMap((folder) => [
    ...filesBelow(root, folder, ".ts"),
    ...filesBelow(root, folder, ".sh"),
  ]);
  const names = new Set([
    ...sources.flatMap((path) => capitalNames(readFileSync(join(root, path), "utf8"))),
    ...allCommands(program).flatMap(({ options }) => options.map(flagVariable)),
  ]);
  return [
    ...pages.flatMap((page) => [
      ...checkLinks(page, pages, root),
      ...checkCommands(page, known),
      ...checkLabs(page),
      ...checkNames(page, names),
    ]),
    ...exampleLabs(root),
  ];
}

function allCommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(allCommands)];
}

function exampleLabs(root: string): Problem[] {
  return filesBelow(root, "examples", "/lab.yaml").flatMap((path) =>
    checkLab(path, readFileSync(join(root, path), "utf8")).map(({ code, summary, source }) => ({
      path,
      line: source?.line ?? 1,
      text: `${code}: ${summary}`,
    })),
  );
}

function filesBelow(root: string, folder: string, ending: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter(({ name }) => !["node_modules", ".terrarium", ".git", "dist"].includes(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesBelow(root, path, ending);
      return `/${path}`.endsWith(ending) ? [path] : [];
    })
    .toSorted();
}
