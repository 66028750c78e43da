import { expect, test } from "vitest";
import { normalizeLab } from "../../../lib/lab/normalize-lab.ts";
import { labOf, normalized, said } from "../lab-fixtures.ts";

test("count makes copies with numbers from 1", () => {
  const { sandboxes } = normalized(labOf({ web: { count: 3, cloudInit: { runCmd: ["echo ${each:index}"] } } })).lab;
  expect(Object.values(sandboxes).map(({ name, writtenAs, cloudInit }) => [name, writtenAs, cloudInit.runCmd[0]])).toEqual([
    ["web-1", "web", "echo 1"],
    ["web-2", "web", "echo 2"],
    ["web-3", "web", "echo 3"],
  ]);
});

test("forEach makes one per key, of a list and of a map", () => {
  expect(Object.keys(normalized(labOf({ web: { forEach: ["b", "a"] } })).lab.sandboxes)).toEqual(["web-a", "web-b"]);
  const map = labOf({ web: { forEach: { a: { size: 2 }, b: { size: 3 } }, cpus: "${each:size}", labels: { key: "${each:key}" } } });
  expect(Object.values(normalized(map).lab.sandboxes).map(({ name, cpus, labels }) => [name, cpus, labels["key"]])).toEqual([
    ["web-a", 2, "a"],
    ["web-b", 3, "b"],
  ]);
});

test("a reference alone keeps its type where a number is wanted and is text where text is", () => {
  const { sandboxes } = normalized(
    labOf({ web: { forEach: { a: { n: 2, on: true } }, cpus: "${each:n}", autostart: "${each:on}", labels: { n: "${each:n}" } } }),
  ).lab;
  expect(sandboxes["web-a"]).toMatchObject({ cpus: 2, autostart: true, labels: { n: "2" } });
});

test("values that a reference brings are checked, too", () => {
  const written = labOf({ web: { forEach: { a: { n: 0, m: "lots" } }, cpus: "${each:n}", memory: "${each:m}" } });
  expect(normalizeLab(written).diagnostics).toMatchObject([
    { code: "INVALID_VALUE", path: ["sandboxes", "web", "cpus"], summary: "expected a whole number from 1 to 288, found 0" },
    { code: "INVALID_VALUE", path: ["sandboxes", "web", "memory"] },
  ]);
});

test("a reference that nothing gives is refused, once for all copies", () => {
  const written = labOf({ web: { count: 3, labels: { a: "${each:indx}" } }, db: { labels: { a: "${each:index}" } } });
  expect(normalizeLab(written).diagnostics).toMatchObject([
    { code: "UNKNOWN_EACH", path: ["sandboxes", "web", "labels", "a"], nextStep: 'Known here: index. Did you mean "index"?' },
    { code: "UNKNOWN_EACH", path: ["sandboxes", "db", "labels", "a"] },
  ]);
});

test("a doubled dollar keeps the reference as text", () => {
  expect(normalized(labOf({ web: { count: 1, labels: { a: "$${each:index}" } } })).lab.sandboxes["web-1"]?.labels).toEqual({
    a: "${each:index}",
  });
});

test("a count of none makes none", () => {
  expect(normalized(labOf({ web: { count: 0 } })).lab.sandboxes).toEqual({});
});

test("a mistake in what all copies share is told once", () => {
  expect(said(labOf({ web: { count: 50, image: "bas" } }))).toEqual(["UNKNOWN_IMAGE sandboxes.web.image"]);
});
