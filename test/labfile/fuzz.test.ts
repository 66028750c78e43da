import { readdirSync, readFileSync } from "node:fs";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseLabFile } from "../../lib/labfile/parse-lab-file.ts";

const corpus = new URL("corpus/", import.meta.url);
const labs = readdirSync(corpus).map((name) => readFileSync(new URL(name, corpus), "utf8"));

/** One change, as an editor or a bad merge would make it. `at`, `to` are places between 0 and 1. */
type Mutation = (text: string, at: number, to: number) => string;

function onLines(change: (lines: string[], at: number, to: number) => void): Mutation {
  return (text, at, to) => {
    const lines = text.split("\n");
    change(lines, Math.floor(at * lines.length), Math.floor(to * lines.length));
    return lines.join("\n");
  };
}

const insertions = [
  "\t",
  "  ",
  "\0",
  "\uFEFF",
  "\r",
  "\r\n",
  "---\n",
  "- ",
  "? ",
  ": ",
  "#",
  "'",
  '"',
  "`",
  "@",
  "%",
  "&a ",
  "*a",
  "*small",
  "!x ",
  "<<: ",
  "{",
  "}",
  "[",
  "]",
  ",",
  "|",
  ">",
  "${var:size}",
  "${var:",
  "$${var:x}",
  "yes",
  "0644",
  "1e999",
  ".nan",
  "__proto__: ",
  "constructor: ",
  "\\",
  "\uD800",
  "漢",
  "\u0085",
  "\u2028",
  "null",
  "~",
  "[".repeat(200),
  "- ".repeat(200),
];

const mutations: readonly Mutation[] = [
  onLines((lines, at) => lines.splice(at, 1)),
  onLines((lines, at) => lines.splice(at, 0, lines[at] ?? "")),
  onLines((lines, at, to) => ([lines[at], lines[to]] = [lines[to] ?? "", lines[at] ?? ""])),
  onLines((lines, at) => (lines[at] = `  ${lines[at] ?? ""}`)),
  onLines((lines, at) => (lines[at] = (lines[at] ?? "").replace(/^ {1,2}/, ""))),
  onLines((lines, at, to) => lines.splice(at, 0, ...lines.slice(to, to + 5))),
  (text, at, to) =>
    text.slice(0, Math.floor(at * text.length)) +
    (insertions[Math.floor(to * insertions.length)] ?? "") +
    text.slice(Math.floor(at * text.length)),
  (text, at, to) => text.slice(0, Math.floor(at * text.length)) + text.slice(Math.floor(at * text.length) + Math.ceil(to * 10)),
  (text, at) => text.slice(0, Math.floor(at * text.length)),
];

const place = fc.double({ min: 0, max: 0.999999, noNaN: true });
const mutated = fc
  .tuple(fc.constantFrom(...labs), fc.array(fc.tuple(fc.constantFrom(...mutations), place, place), { minLength: 1, maxLength: 6 }))
  .map(([lab, changes]) => changes.reduce((text, [mutate, at, to]) => mutate(text, at, to), lab));

test("the labs of the corpus are valid", () => {
  for (const text of labs) expect(parseLabFile({ file: "lab.yaml", text }).diagnostics).toEqual([]);
});

test("a mutated lab file is a valid lab or has faults with places, and is read in time", () => {
  let valid = 0;
  let slowest = 0;
  fc.assert(
    fc.property(mutated, (text) => {
      const start = performance.now();
      const { value, diagnostics } = parseLabFile({ file: "lab.yaml", text });
      slowest = Math.max(slowest, performance.now() - start);
      if (value) valid++;
      expect(value === undefined).toBe(diagnostics.length > 0);
      const lines = text.replace(/^\uFEFF/, "").split("\n");
      for (const { source, summary, nextStep } of diagnostics) {
        expect(summary).not.toMatch(/undefined|\[object/);
        expect(nextStep).toBeTruthy();
        expect(lines[(source?.line ?? 0) - 1]?.replace(/\r$/, "")).toBe(source?.text);
        expect((source?.column ?? 0) - 1 + (source?.length ?? 0)).toBeLessThanOrEqual(source?.text.length ?? 0);
      }
    }),
    { numRuns: 2000 },
  );
  expect(slowest).toBeLessThan(2000);
  // A fuzzer that only ever made broken files, or never one, would show nothing.
  expect(valid).toBeGreaterThan(50);
  expect(valid).toBeLessThan(1500);
});
