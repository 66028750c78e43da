import { stripVTControlCharacters } from "node:util";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { renderDiagnostics } from "../../../lib/cli/output/diagnostics.ts";
import type { Diagnostic } from "../../../lib/diagnostics/diagnostic.ts";

const fault: Diagnostic = {
  code: "BAD_SIZE",
  severity: "error",
  summary: "expected a size with a unit, found the number 2048",
  nextStep: 'Write the unit: "2048MiB".',
  source: { file: "lab.yaml", line: 4, column: 13, length: 4, text: "    memory: 2048" },
};

function at(text: string, column: number, length: number): Diagnostic {
  return { ...fault, source: { file: "lab.yaml", line: 7, column, length, text } };
}

/** The line and the carets under it, without the gutter. */
function excerptOf(diagnostic: Diagnostic, width: number): [string, string] {
  const [, line = "", caret = ""] = renderDiagnostics([diagnostic], { color: false, width }).split("\n");
  return [line.slice("  7 | ".length), caret.slice("    | ".length)];
}

test("a diagnostic shows place, code, summary, the line with carets and the remedy", () => {
  expect(renderDiagnostics([fault], { color: false }))
    .toBe(`lab.yaml:4:13: error BAD_SIZE: expected a size with a unit, found the number 2048
  4 |     memory: 2048
    |             ^^^^
  → Write the unit: "2048MiB".
`);
});

test("several are told apart by a blank line; none is nothing", () => {
  expect(renderDiagnostics([fault, fault], { color: false }).split("\n\n")).toHaveLength(2);
  expect(renderDiagnostics([], { color: false })).toBe("");
});

test("detail stands between the line and the remedy", () => {
  const text = renderDiagnostics([{ ...fault, source: undefined, severity: "warning", detail: "one\n\ttwo\n" }], { color: false });
  expect(text).toBe(
    `warning BAD_SIZE: expected a size with a unit, found the number 2048\n  one\n      two\n  → Write the unit: "2048MiB".\n`,
  );
});

test("without a file, the construct or the path says where", () => {
  const { source: _, ...rest } = fault;
  expect(renderDiagnostics([{ ...rest, constructPath: "lab/web" }], { color: false })).toMatch(/^lab\/web: error BAD_SIZE: /);
  expect(renderDiagnostics([{ ...rest, path: ["sandboxes", "web", "disks", 0] }], { color: false })).toMatch(
    /^sandboxes\.web\.disks\.0: error BAD_SIZE: /,
  );
});

test("colours only add colour", () => {
  const plain = renderDiagnostics([fault], { color: false });
  const colored = renderDiagnostics([fault], { color: true });
  expect(colored).not.toBe(plain);
  expect(stripVTControlCharacters(colored)).toBe(plain);
});

test("tabs take their columns, and the caret stands below its character", () => {
  expect(excerptOf(at("\tmemory:\t2048", 10, 4), 80)).toEqual(["    memory: 2048", "            ^^^^"]);
});

test("wide characters take two columns", () => {
  expect(excerptOf(at("漢字: x", 5, 1), 80)).toEqual(["漢字: x", "      ^"]);
});

test("a place at the end of a line has one caret after it", () => {
  expect(excerptOf(at("abc", 4, 0), 80)).toEqual(["abc", "   ^"]);
});

test("a wide line is cut around the caret", () => {
  expect(excerptOf(at(`${"x".repeat(300)}BAD${"y".repeat(300)}`, 301, 3), 46)).toEqual([
    `…${"x".repeat(12)}BAD${"y".repeat(22)}…`,
    `${" ".repeat(13)}^^^`,
  ]);
});

test("control sequences of foreign text do not reach the terminal", () => {
  const evil = "\u001B[31mred\u001B]0;title\u0007\u009B2J\r\u202Ereversed";
  const text = renderDiagnostics(
    [{ ...fault, summary: evil, detail: evil, nextStep: evil, source: { file: evil, line: 1, column: 2, length: 3, text: evil } }],
    { color: false },
  );
  expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u202E]/u);
  expect(text).toContain("\\u001b[31mred");
});

test("whatever a line holds, both lines fit the width and the caret stays inside", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary", maxLength: 200 }),
      fc.nat(200),
      fc.nat(200),
      fc.integer({ min: 30, max: 120 }),
      (raw, start, length, width) => {
        const text = raw.replaceAll("\n", "");
        const column = Math.min(start, text.length) + 1;
        const diagnostic = at(`a${text}`, column, length);
        const lines = renderDiagnostics([diagnostic], { color: false, width }).split("\n");
        expect(lines).toHaveLength(5);
        expect((lines[2] ?? "").length).toBeLessThanOrEqual(width);
        expect(lines[2]).toMatch(/^ {4}\| *\^+$/);
        expect(lines[1]).not.toMatch(/\p{Cc}/u);
      },
    ),
  );
});
