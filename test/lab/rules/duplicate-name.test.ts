import { expect, test } from "vitest";
import { normalizeLab } from "../../../lib/lab/normalize-lab.ts";
import { labOf, said } from "../lab-fixtures.ts";

test("a copy and a sandbox as written may not have the same name", () => {
  const { diagnostics } = normalizeLab(labOf({ web: { count: 2 }, "web-1": {} }));
  expect(diagnostics).toMatchObject([
    { code: "DUPLICATE_NAME", path: ["sandboxes", "web-1"], summary: 'sandbox "web-1" makes a sandbox "web-1", and so does "web"' },
  ]);
});

test("forEach and count together may not make the same name", () => {
  expect(said(labOf({ "a-b": { forEach: ["c"] }, a: { forEach: ["b-c"] } }))).toEqual(["DUPLICATE_NAME sandboxes.a"]);
});
