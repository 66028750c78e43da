import { expect, test } from "vitest";
import { offsetsInTemplate } from "../../lib/diagnostics/filled-text.ts";

const written = "one: ${var:A} x\ntwo: 2\n";

test("what stands before, after and below a reference is found exactly, what came from it at its start", () => {
  const filled = "one: something long x\ntwo: 2\n";
  const at = offsetsInTemplate(written, filled);
  expect(at(0)).toBe(0);
  expect(written[at(filled.indexOf("x", 20)) ?? -1]).toBe("x");
  expect(at(filled.indexOf("thing"))).toBe(written.indexOf("$"));
  expect(at(filled.indexOf("two"))).toBe(written.indexOf("two"));
});

test("a text with other lines is not searched", () => {
  expect(offsetsInTemplate(written, "one: a\nb x\ntwo: 2\n")(3)).toBeUndefined();
});
