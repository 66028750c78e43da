import { expect, test } from "vitest";
import { parseHumanErrors } from "../../lib/terraform/human-error.ts";

test("a box with colours is read as summary and detail", () => {
  const text =
    "\u001b[31m╷\u001b[0m\n│ \u001b[1mError: \u001b[0mInvalid address\n│ \n│ Resource specification must include\n│ a type and name.\n╵\n";
  expect(parseHumanErrors(text)).toEqual([
    { severity: "error", summary: "Invalid address", detail: "Resource specification must include\na type and name." },
  ]);
});

test("several errors and warnings are told apart", () => {
  const text = "\nWarning: Old\n\nuse new\n\nError: First\n\nError: Second\n\nwhy\n";
  expect(parseHumanErrors(text).map(({ severity, summary, detail }) => [severity, summary, detail])).toEqual([
    ["warning", "Old", "use new"],
    ["error", "First", ""],
    ["error", "Second", "why"],
  ]);
});

test("text without a box has no errors", () => {
  expect(parseHumanErrors("2026-01-01T00:00:00Z [DEBUG] Error parsing nothing\npanic: x")).toEqual([]);
});
