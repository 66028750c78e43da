import { expect, test } from "vitest";
import { parseLabFile } from "../../lib/labfile/parse-lab-file.ts";
import { timed } from "./cpu-time.ts";

/** Parses, and fails if it took longer than a person's patience. */
function codesOf(text: string): string[] {
  const { value, milliseconds } = timed(() => parseLabFile({ file: "lab.yaml", text }));
  const { diagnostics } = value;
  expect(milliseconds).toBeLessThan(2000);
  for (const { source } of diagnostics) expect(source).toBeDefined();
  return [...new Set(diagnostics.map(({ code }) => code))];
}

test("a file of 10 MB is refused at once", () => {
  expect(codesOf(`lab: demo\nsandboxes:\n${"  web: {}\n".repeat(1_100_000)}`)).toEqual(["FILE_TOO_LARGE"]);
});

test("the size that counts is that in UTF-8", () => {
  expect(codesOf(`# ${"漢".repeat(400_000)}`)).toEqual(["FILE_TOO_LARGE"]);
});

test.each([
  ["[", "YAML_TOO_DEEP"],
  ["{a: ", "YAML_TOO_DEEP"],
  ["- ", "YAML_TOO_DEEP"],
  ["? ", "YAML_TOO_DEEP"],
  ["a: ", "YAML_TOO_DEEP"],
  ["[{a: ", "YAML_TOO_DEEP"],
])("10,000 levels of %j are refused without a stack overflow", (opening, code) => {
  expect(codesOf(opening.repeat(10_000))).toEqual([code]);
});

test("90 levels are read", () => {
  expect(codesOf(`lab: demo\nsandboxes: { web: { overrides: { deep: ${"[".repeat(90)}${"]".repeat(90)} } } }\n`)).toEqual([]);
});

test.each([
  ["one key 20,000 times", "k: 1\n".repeat(20_000)],
  ["20,000 different keys", Array.from({ length: 20_000 }, (_, index) => `k${index}: 1\n`).join("")],
  ["closing brackets", "]\n".repeat(500_000)],
  ["opening braces, closed too often", "{".repeat(90) + "}".repeat(1_000_000)],
  ["commas", `[${",".repeat(1_000_000)}`],
  ["colons", ":\n".repeat(500_000)],
  ["documents", "---\n".repeat(250_000)],
  ["anchors", "&a ".repeat(300_000)],
  ["aliases", "*a ".repeat(300_000)],
  ["tags", "!a ".repeat(300_000)],
  ["directives", "%a\n".repeat(300_000)],
  ["quotes", '"a"\n'.repeat(250_000)],
  ["an open quote", `a: "${"\\n".repeat(500_000)}`],
  ["numbers", `[${"1,".repeat(500_000)}]`],
  ["tabs", "\t\n".repeat(500_000)],
  ["one long line", `lab: ${"x".repeat(1_000_000)}`],
])("a file of nothing but %s is told in time", (_, text) => {
  expect(codesOf(text).length).toBeGreaterThan(0);
});

test.each([
  ["NUL", "\0", "U+0000 (NUL)"],
  ["escape", "\u001B[31m", "U+001B (escape)"],
  ["delete", "\u007F", "U+007F"],
  ["a C1 control", "\u009B", "U+009B"],
  ["half a surrogate pair", "\uD800", "U+D800"],
  ["a carriage return alone", "\r", "U+000D (carriage return without a line feed)"],
])("%s is told with its place", (_, character, name) => {
  const { diagnostics } = parseLabFile({ file: "lab.yaml", text: `lab: demo\nsandboxes: {}\n# ${character}x\n` });
  expect(diagnostics).toMatchObject([
    {
      code: "CONTROL_CHARACTER",
      summary: `found the character ${name}, which text must not have`,
      source: { line: 3, column: 3, length: 1 },
    },
  ]);
});

test("a binary file is told in a few lines", () => {
  const { diagnostics } = parseLabFile({ file: "lab.yaml", text: "\0\u0001\u0002".repeat(100_000) });
  expect(diagnostics).toHaveLength(10);
});

test("emoji, tabs in text and CRLF are no control characters", () => {
  expect(codesOf('lab: demo\r\nsandboxes: { web: { labels: { a: "🌱\t" } } }\r\n')).toEqual([]);
});
