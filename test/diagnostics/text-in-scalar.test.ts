import fc from "fast-check";
import { expect, test } from "vitest";
import { isScalar, parseDocument, stringify, type Scalar } from "yaml";
import { offsetsInScalar, type WrittenScalar } from "../../lib/diagnostics/text-in-scalar.ts";

/** Where in the document each character of the first value's text was found. */
function locateAll(document: string): { value: string; found: string[]; at: (offset: number) => number } {
  const node = parseDocument(document).getIn(["key"], true) as Scalar<string>;
  expect(isScalar(node)).toBe(true);
  const [start, end] = node.range ?? [0, 0];
  const at = offsetsInScalar(document, { start, end, style: node.type as WrittenScalar["style"] }, node.value);
  return { value: node.value, found: Array.from(node.value).map((_, index) => document[at(index)] ?? ""), at };
}

test.each([
  ["a block text", "key: |\n  one\n   two\n\n  three\nrest: 1\n"],
  ["one with CRLF", "key: |\r\n  one\r\n  two\r\n"],
  ["one with its own indentation", "key: |2-\n    one\n  two\n"],
  ["one that starts with blank lines", "key: |\n\n\n  one\n"],
  ["a folded text", "key: >\n  one\n  two\n\n  three\n    four\n"],
  ["plain text over lines", "key: one\n  two\n\n  three\n"],
  ["single quotes", "key: 'it''s\n  two'\n"],
  ["double quotes", 'key: "one\n  two"\n'],
])("characters of %s are found where they stand", (_what, document) => {
  const { value, found } = locateAll(document);
  const visible = Array.from(value)
    .map((character, index) => [character, found[index]])
    .filter(([character]) => /\S/.test(character ?? ""));
  expect(visible.length).toBeGreaterThan(2);
  for (const [character, written] of visible) expect(written).toBe(character);
});

test("an escape stands for its character", () => {
  const document = String.raw`key: "a\tb\u00e9c\x41d\
    e\nf"`;
  const { value, at } = locateAll(document);
  expect(value).toBe("a\tbécAde\nf");
  for (const letter of ["a", "b", "c", "d", "e", "f"]) expect(document[at(value.indexOf(letter))]).toBe(letter);
  expect(document.slice(at(1), at(1) + 2)).toBe(String.raw`\t`);
  expect(document.slice(at(3), at(3) + 6)).toBe(String.raw`\u00e9`);
});

test("whatever way the yaml package writes a text, its letters are found", () => {
  const text = fc.array(fc.constantFrom("a", "b", "c:", "'", '"', "\\", "é", "#x", " ", "  ", "\n", "\n\n", "\t"), {
    minLength: 1,
    maxLength: 40,
  });
  const style = fc.constantFrom("PLAIN", "QUOTE_DOUBLE", "QUOTE_SINGLE", "BLOCK_LITERAL", "BLOCK_FOLDED");
  const run = (): void =>
    fc.assert(
      fc.property(text, style, fc.integer({ min: 20, max: 60 }), (pieces, defaultStringType, lineWidth) => {
        const document = stringify({ outer: 1, key: pieces.join("") }, { defaultStringType, lineWidth });
        const { value, found } = locateAll(document);
        for (const [index, character] of Array.from(value).entries())
          if (/[abcx]/.test(character)) expect([index, found[index]]).toEqual([index, character]);
      }),
    );
  expect(run).not.toThrow();
});
