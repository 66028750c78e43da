import * as fc from "fast-check";
import { expect, test } from "vitest";
import { quickYaml } from "../../lib/labfile/quick-yaml.ts";
import { readYaml } from "../../lib/labfile/read-yaml.ts";
import { SourceText } from "../../lib/diagnostics/source-text.ts";
import { plainValue } from "../../lib/labfile/yaml-value.ts";
import { labs, mutated } from "./mutated-labs.ts";

/** What the `yaml` package reads; undefined where anything is wrong. */
function slowYaml(text: string): unknown {
  const source = new SourceText("lab.yaml", text);
  const { root, diagnostics } = readYaml(source);
  if (!root || diagnostics.length > 0) return undefined;
  const { value, diagnostics: traps } = plainValue(root, source);
  return traps.length > 0 ? undefined : value;
}

const yamlPieces = fc.tuple(fc.string({ maxLength: 3 }), fc.double({ min: 0, max: 1, noNaN: true }));

function insert(text: string, piece: string, at: number): string {
  const offset = Math.floor(at * text.length);
  return text.slice(0, offset) + piece + text.slice(offset);
}

/** Small texts of YAML's marks and words in any order. */
const yamlLines = fc
  .array(
    fc.tuple(
      fc.constantFrom("", "  ", "    ", " "),
      fc.array(
        fc.constantFrom(
          "a",
          "b",
          "key",
          ":",
          ": ",
          "- ",
          "-",
          "[",
          "]",
          "{",
          "}",
          ", ",
          ",",
          "#",
          " #",
          " ",
          '"',
          "'",
          "1",
          "0",
          ".",
          "e",
          "+",
          "true",
          "null",
          "~",
          "/",
          "?",
          "? ",
          "x y",
          "${v}",
          "=",
          "<<",
          "|",
          ">",
          "é",
          "_",
        ),
        { maxLength: 8 },
      ),
    ),
    { maxLength: 6 },
  )
  .map((lines) => lines.map(([indent, words]) => indent + words.join("")).join("\n"));

test.each([
  "lab: demo\nsandboxes: {}\n",
  "# comment\nlab: demo # name\n\nsandboxes:\n  # none\n  web:\n    networks: [front, { name: back, ip: 10.0.0.5 }] # two\n",
  "a: \"x # y\"\nb: 'x: y'\nc: http://x.test/#y\nd: 10.20.0.0/24\ne: 2GiB\nf: ${var:x}\ng: ~/x\n",
  "list:\n- a\n- b: 1\n  c: [true, false, 0, 12]\n-   d: {}\nnext:\n  - x\nempty:\nlast: 1",
  "a:\n    b:\n        - c: 1\n          d:\n            e: x\n    f: y\n",
])("%j is read without the yaml package, to the same value", (text) => {
  const quick = quickYaml(text);
  expect(quick).toBeDefined();
  expect(quick).toEqual(slowYaml(text));
});

test.each([
  "",
  "- a\n",
  "a: &x 1\n",
  "a: *x\n",
  "a: !!str 1\n",
  "a: |\n  x\n",
  "a: 'it''s'\n",
  'a: "\\n"\n',
  "a: x\n  y\n",
  "a: [x,\n  y]\n",
  "a:\tb\n",
  "a: b\r\n",
  "a: 1\na: 2\n",
  "a: {b: 1, b: 2}\n",
  "a: b: c\n",
  "a: 0644\n",
  "a: 1.10\n",
  "a: 1e3\n",
  "a: Null\n",
  "a: TRUE\n",
  "a: 0x10\n",
  "a: 99999999999999999999\n",
  "a: [x] y\n",
  "a: [x, ]\n",
  "a: - b\n",
  "a: @x\n",
  "<<: {}\n",
  "__proto__: {}\n",
  "a: {__proto__: 1}\n",
  "---\na: 1\n",
  "a: 1\n---\nb: 2\n",
  "a: 1\n b: 2\n",
  "  a: 1\n",
  "a:\n  - x\n y: 1\n",
  "a: x\n- b\n",
])("%j is left to the yaml package", (text) => {
  expect(quickYaml(text)).toBeUndefined();
});

test("whatever is read quickly is what the yaml package reads", () => {
  let quick = 0;
  const simple = labs.filter((text) => quickYaml(text) !== undefined);
  const texts = fc.oneof(
    mutated,
    fc.tuple(fc.constantFrom(...simple), yamlPieces).map(([text, [piece, at]]) => insert(text, piece, at)),
    yamlLines,
  );
  fc.assert(
    fc.property(texts, (text) => {
      const value = quickYaml(text);
      if (value === undefined) return;
      quick++;
      expect(value).toEqual(slowYaml(text));
    }),
    { numRuns: 6000 },
  );
  expect(quick).toBeGreaterThan(500);
});
