import { Command } from "commander";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkCommands } from "../../scripts/docs/check-commands.ts";
import { checkDocs, docPages } from "../../scripts/docs/check-docs.ts";
import { checkLabs } from "../../scripts/docs/check-labs.ts";
import { checkLinks } from "../../scripts/docs/check-links.ts";
import { checkNames } from "../../scripts/docs/check-names.ts";
import { commandLines } from "../../scripts/docs/command-line.ts";

const root = join(import.meta.dirname, "../..");
const page = (text: string, path = "docs/page.md") => ({ path, text });
const fence = (language: string, ...lines: readonly string[]) => ["```" + language, ...lines, "```"].join("\n");

const program = new Command("terrarium");
program.command("apply [file]").option("-y, --yes").option("--allow-loss <name>");
program.command("exec <sandbox> <command...>").option("-f, --file <file>");
program.command("host").command("up [name]");
const known = { program, scripts: new Set(["test", "docs"]) };
const wrongCommands = (text: string) => checkCommands(page(text), known).map((problem) => problem.text);

test("every link, command, lab and name in the documentation is right", () => {
  expect(checkDocs(root)).toEqual([]);
});

test("the pages of every folder are among those that are checked", () => {
  expect(docPages(root).map(({ path }) => path)).toEqual(
    expect.arrayContaining(["README.md", "CHANGELOG.md", ".github/CONTRIBUTING.md", "docs/install.md", "docs/reference/lab.md"]),
  );
});

test("a link to a missing file or heading is found, with its line", () => {
  const other = page('# Two words, `code`\n\n<a id="Anchor"></a>\n', "docs/other.md");
  const text =
    "[a](other.md#two-words-code) [b](other.md#Anchor) [c](https://example.org/x)\n[d](other.md#three) [e](missing.md) [f](../../out.md)\n`[g](not-a-link.md)`\n";
  expect(checkLinks(page(text), [other], root)).toEqual([
    { path: "docs/page.md", line: 2, text: "the link other.md#three names a heading that docs/other.md does not have" },
    { path: "docs/page.md", line: 2, text: "the link missing.md names a file that is not there" },
    { path: "docs/page.md", line: 2, text: "the link ../../out.md leads out of the project" },
  ]);
});

test("commands and flags that do not exist are found in blocks and in code spans", () => {
  expect(wrongCommands(fence("sh", "terrarium aply", "npx terrarium apply --yess", "terrarium host down", "npm run no-such"))).toEqual([
    "terrarium has no command aply",
    "terrarium apply has no flag --yess",
    "terrarium host has no command down",
    "package.json has no script no-such",
  ]);
  expect(wrongCommands("Run `terrarium apply --force`.")).toEqual(["terrarium apply has no flag --force"]);
});

test("a block must give a command its arguments, a code span may leave them out", () => {
  expect(wrongCommands(fence("sh", "terrarium exec web"))).toEqual(["terrarium exec needs 2 arguments, found 1"]);
  expect(wrongCommands(fence("console", "$ terrarium apply a.yaml b.yaml", "output"))).toEqual([
    "terrarium apply takes 1 arguments, found a.yaml b.yaml",
  ]);
  expect(wrongCommands("`terrarium exec` runs a program")).toEqual([]);
});

test("right commands pass, with what a shell adds and what a program takes", () => {
  const lines = [
    "sudo npx terrarium apply lab.yaml -y --allow-loss web > out.txt # comment --bad",
    "terrarium exec -f lab.yaml web -- ls --all | grep x; npm run docs && npm test",
    "terrarium exec web ls --all -l",
    "TERRARIUM_YES=1 terrarium apply",
    "ls --whatever",
  ];
  expect(wrongCommands(fence("sh", ...lines))).toEqual([]);
});

test("a line of shell is cut into words", () => {
  expect(commandLines(`a "b c" d'e f' < in > out | g # h`)).toEqual([["a", "b c", "de f"], ["g"]]);
});

test("a whole lab must be valid, a part must be made of known keys, other YAML is left alone", () => {
  const text = [
    fence("yaml", "lab: demo", "sandboxes:", "  web: { image: nothing }"),
    fence("yaml", "networks:", "  front: { cidrs: 10.0.0.0/24 }"),
    fence("yaml", "networks:", "  front: { cidr: 10.20.0.0/24 }"),
    fence("yaml", "#cloud-config", "anything: 1"),
  ].join("\n");
  expect(checkLabs(page(text))).toMatchObject([
    { line: 4, text: expect.stringContaining("UNKNOWN_IMAGE") },
    { line: 8, text: expect.stringContaining("UNKNOWN_KEY") },
  ]);
});

test("a code or variable that nothing knows is found", () => {
  expect(checkNames(page("`KNOWN_CODE` and `OTHER_CODE`"), new Set(["KNOWN_CODE"]))).toEqual([
    { path: "docs/page.md", line: 1, text: "nothing in the code knows OTHER_CODE" },
  ]);
});
