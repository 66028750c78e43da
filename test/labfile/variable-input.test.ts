import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseVariableFile, parseVariables } from "../../lib/labfile/variable-input.ts";

test("assignments become typed values where the type is plain", () => {
  expect(parseVariables(["size=2GiB", "copies=3", "safe=true", "ratio=0.5", "below=-1"]).value).toEqual({
    size: "2GiB",
    copies: 3,
    safe: true,
    ratio: 0.5,
    below: -1,
  });
});

test.each(["1.10", "007", "0x10", "1e3", "yes", "True", " 2", "", "Infinity", "-0", "a=b", "1_000"])("%j stays text", (text) => {
  expect(parseVariables([`v=${text}`]).value).toEqual({ v: text });
});

test("nothing is lost: every value prints as it was passed", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.integer().map(String), fc.double().map(String)), (text) => {
      expect(String(parseVariables([`v=${text}`]).value?.["v"])).toBe(text);
    }),
  );
});

test("the last value of a name counts", () => {
  expect(parseVariables(["v=1", "v=2"]).value).toEqual({ v: 2 });
});

test.each(["size", "", "=2", "my-var=2", "1x=2", "__proto__=2", "a b=2"])("%j is refused with what to pass", (assignment) => {
  const { value, diagnostics } = parseVariables([assignment]);
  expect(value).toBeUndefined();
  expect(diagnostics).toMatchObject([{ code: "BAD_VARIABLE", nextStep: expect.any(String) as string }]);
});

test("a file holds names and values", () => {
  expect(parseVariableFile({ file: "v.yaml", text: "size: 2GiB\ncopies: 3\nsafe: true\n" }).value).toEqual({
    size: "2GiB",
    copies: 3,
    safe: true,
  });
});

test.each([
  ["", "1:1"],
  ["- a\n", "1:1"],
  ["a: 1\nb: [1]\n", "2:4"],
  ["a: 1\nb-c: 1\n", "2:1"],
  ["a: 1\na: 2\n", "2:1"],
  ["a: 'x\n", "1:5"],
  ["a: \0\n", "1:4"],
  ["a:\n", "1:1"],
])("the file %j is refused at %s", (text, place) => {
  const { value, diagnostics } = parseVariableFile({ file: "v.yaml", text });
  expect(value).toBeUndefined();
  expect(diagnostics.map(({ source }) => `${source?.file}:${source?.line}:${source?.column}`)).toEqual([`v.yaml:${place}`]);
});
