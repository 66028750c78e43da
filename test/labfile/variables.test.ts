import { expect, test } from "vitest";
import { faultsOf, remediesOf, writtenOf } from "./faults.ts";

function lab(settings: string, vars = "{ size: 2GiB, copies: 3, safe: true }"): string {
  return `lab: demo\nvars: ${vars}\nsandboxes:\n  web: ${settings}\n`;
}

function web(text: string, variables?: Record<string, string | number | boolean>): unknown {
  return (writtenOf(text, variables) as { sandboxes: { web: unknown } }).sandboxes.web;
}

test("a reference alone in its string takes the variable's value with its type", () => {
  expect(web(lab('{ memory: "${var:size}", count: "${var:copies}", protect: "${var:safe}" }'))).toEqual({
    memory: "2GiB",
    count: 3,
    protect: true,
  });
});

test("a reference inside text is replaced by the value's text", () => {
  expect(web(lab('{ labels: { note: "${var:copies} x ${var:size} (${var:safe})" } }'))).toEqual({ labels: { note: "3 x 2GiB (true)" } });
});

test("references are replaced in lists and maps of any depth, not in keys", () => {
  expect(web(lab('{ cloudInit: { runCmd: [["echo", "${var:size}"]] }, overrides: { "${var:size}": ["${var:copies}"] } }'))).toEqual({
    cloudInit: { runCmd: [["echo", "2GiB"]] },
    overrides: { "${var:size}": [3] },
  });
});

test("what belongs to later stages and to the guest stays as it is written", () => {
  const text = "$${var:size} ${each:key} ${env:PW} ${file:~/x} ${HOME} ${var:} ${var:a-b} ${var:x:-y} ${env:-x} %{x} $(date)";
  expect(web(lab(`{ labels: { note: "${text}" } }`))).toEqual({ labels: { note: text } });
});

test("a variable may refer to others, also to ones that stand after it", () => {
  expect(
    writtenOf(lab('{ labels: { url: "${var:url}" } }', '{ url: "http://${var:host}/", host: "${var:name}.test", name: web }')),
  ).toMatchObject({
    vars: { url: "http://web.test/", host: "web.test", name: "web" },
    sandboxes: { web: { labels: { url: "http://web.test/" } } },
  });
});

test("a secret may stand in a variable", () => {
  expect(web(lab('{ cloudInit: { runCmd: ["login ${var:pw}"] } }', '{ pw: "${env:PW}" }'))).toEqual({
    cloudInit: { runCmd: ["login ${env:PW}"] },
  });
});

test("variables that are passed win, and vars holds what came out", () => {
  expect(writtenOf(lab('{ memory: "${var:size}" }'), { size: "4GiB" })).toMatchObject({
    vars: { size: "4GiB", copies: 3 },
    sandboxes: { web: { memory: "4GiB" } },
  });
});

test("a passed variable need not be declared if the lab uses it", () => {
  expect(writtenOf('lab: "${var:name}"\nsandboxes: {}\n', { name: "demo" })).toEqual({
    lab: "demo",
    vars: { name: "demo" },
    sandboxes: {},
  });
});

test("a passed number is text where text is wanted", () => {
  expect(
    web(lab('{ labels: { build: "${var:build}", debug: "${var:debug}" }, count: "${var:build}" }'), { build: 7, debug: true }),
  ).toEqual({
    labels: { build: "7", debug: "true" },
    count: 7,
  });
});

test("a number of the file itself stays a number: its text may have been another", () => {
  expect(faultsOf(lab('{ labels: { v: "${var:v}" } }', "{ v: 1.10 }"))).toEqual(['4:23 WRONG_TYPE "${var:v}"']);
});

test("a variable without a value is told once, at each place that uses it, with the name that was meant", () => {
  const text = lab('{ memory: "${var:sise}", image: "${var:sise}" }');
  expect(faultsOf(text)).toEqual(['4:18 UNKNOWN_VARIABLE "${var:sise}"', '4:40 UNKNOWN_VARIABLE "${var:sise}"']);
  expect(remediesOf(text)[0]).toBe('Did you mean "size"?');
});

test("variables that refer to each other in a circle are told once", () => {
  expect(faultsOf(lab('{ labels: { a: "${var:a}" } }', '{ a: "${var:b}", b: "x${var:c}", c: "${var:a}" }'))).toEqual([
    '2:43 VARIABLE_CYCLE "${var:a}"',
  ]);
});

test("a passed variable that the lab does not know is told, with the name that was meant", () => {
  expect(faultsOf(lab("{}"), { sizes: 1, other: 2 })).toEqual(["UNUSED_VARIABLE", "UNUSED_VARIABLE"]);
  expect(faultsOf(lab("{}"), { size: "1GiB" })).toEqual([]);
});

test("a fault in a replaced value is shown at the reference", () => {
  expect(faultsOf(lab('{ memory: "${var:copies}" }'))).toEqual(['4:18 BAD_SIZE "${var:copies}"']);
});

test("names that every object has are no variables", () => {
  expect(faultsOf(lab('{ labels: { a: "${var:constructor}", b: "${var:__proto__}" } }'))).toEqual([
    '4:23 UNKNOWN_VARIABLE "${var:constructor}"',
    '4:48 UNKNOWN_VARIABLE "${var:__proto__}"',
  ]);
});

test("vars that are no map of names and values are told", () => {
  expect(faultsOf(lab("{}", "[a]"))).toEqual(["2:7 WRONG_TYPE [a]"]);
  expect(faultsOf(lab("{}", "{ a: [1], b-c: x }"))).toEqual(["2:12 WRONG_TYPE [1]", "2:17 BAD_NAME b-c"]);
});
