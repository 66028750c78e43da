import { expect, test } from "vitest";
import { checkName } from "../../../lib/lab/rules/name.ts";
import { said, labOf } from "../lab-fixtures.ts";

test("a DNS label of 63 characters is a name", () => {
  expect(checkName("sandbox", "a".repeat(63), [])).toEqual([]);
});

test("a longer one is refused, with how much to shorten it", () => {
  expect(checkName("sandbox", "a".repeat(65), ["sandboxes"])).toMatchObject([
    { code: "INVALID_NAME", path: ["sandboxes"], nextStep: "Shorten it by 2 characters or more." },
  ]);
});

test("upper case, underscores and hyphens at the ends are refused", () => {
  for (const name of ["Web", "a_b", "-a", "a-", ""]) expect(checkName("sandbox", name, [])).toMatchObject([{ code: "INVALID_NAME" }]);
});

test("the length counts after the number was added", () => {
  expect(said(labOf({ ["a".repeat(61)]: { count: 9 } }))).toEqual([]);
  expect(said(labOf({ ["a".repeat(61)]: { count: 10 } }))).toEqual([`INVALID_NAME sandboxes.${"a".repeat(61)}`]);
});
