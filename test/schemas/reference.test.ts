import { expect, test } from "vitest";
import { diagnosticCodes } from "../../lib/diagnostics/codes.ts";
import { sandboxProperties } from "../../schemas/lab/sandbox.ts";
import { lab } from "../../schemas/lab/lab.ts";
import { referencePages } from "../../scripts/reference.ts";

const pages = Object.fromEntries(referencePages().map(({ path, text }) => [path, text]));
const labPage = pages["docs/reference/lab.md"] ?? "";
const codesPage = pages["docs/reference/diagnostics.md"] ?? "";

test("every key of the lab and of a sandbox has an anchor", () => {
  for (const key of Object.keys(lab["properties"] as object)) expect(labPage).toContain(`<a id="lab-${key.toLowerCase()}"></a>`);
  for (const key of Object.keys(sandboxProperties)) expect(labPage).toContain(`<a id="defaults-${key.toLowerCase()}"></a>`);
});

test("a key shows its type, default and meaning", () => {
  expect(labPage).toContain('| <a id="defaults-memory"></a>`memory` | [size](#size) | `"1GiB"` | Memory. |');
  expect(labPage).toContain('| <a id="defaults-cpus"></a>`cpus` | whole number (1 to 288) | `1` | Virtual CPUs. |');
  expect(labPage).toMatch(/`lab` \| \[name\]\(#label\) \| \*\*required\*\* \|/);
});

test("every link leads to a heading or an anchor of the page, and no anchor stands twice", () => {
  const headings = [...labPage.matchAll(/^#+ ([^<\n]+)$/gm)].map(([, heading]) => heading?.toLowerCase());
  const anchors = [...labPage.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id);
  for (const [, target] of labPage.matchAll(/\]\(#([^)]+)\)/g)) expect([...headings, ...anchors]).toContain(target);
  expect(new Set(anchors).size).toBe(anchors.length);
});

test("every row of a table has as many cells as its head", () => {
  for (const row of labPage.split("\n").filter((line) => line.startsWith("|")))
    expect(row.replaceAll("\\|", "").split("|")).toHaveLength(6);
});

test("every code is on the page of diagnostics, once", () => {
  for (const code of Object.keys(diagnosticCodes)) expect(codesPage.split(`<a id="${code}"></a>`)).toHaveLength(2);
});
