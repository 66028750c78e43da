import { expect, test } from "vitest";
import { faultsOf, remediesOf, writtenOf } from "./faults.ts";
import { timed } from "./cpu-time.ts";

const rest = "sandboxes: {}\n";

test("a key that stands twice is shown at its second place", () => {
  expect(faultsOf("lab: demo\nsandboxes:\n  web: {}\n  web: {}\n")).toEqual(["4:3 YAML_DUPLICATE_KEY web"]);
});

test("duplicate keys do not hide other faults", () => {
  expect(faultsOf("lab: demo\nlab: Demo\nsandboxes: []\n")).toEqual([
    "2:1 YAML_DUPLICATE_KEY lab",
    "2:6 BAD_NAME Demo",
    "3:12 WRONG_TYPE []",
  ]);
});

test.each([
  ["a tab before a key", "lab: demo\nsandboxes:\n\tweb: {}\n", ["3:1 YAML_TAB \t"]],
  ["a tab after spaces", "lab: demo\nsandboxes:\n  web:\n  \tcpus: 2\n", ["4:3 YAML_TAB \t"]],
])("%s is told as a tab", (_, text, faults) => {
  expect(faultsOf(text).map((fault) => fault.trimEnd())).toEqual(faults.map((fault) => fault.trimEnd()));
});

test("a tab inside a value is no fault", () => {
  expect(writtenOf("lab:\tdemo\nsandboxes: {}\t# end\n")).toMatchObject({ lab: "demo" });
});

test("anchors and aliases repeat a value", () => {
  expect(writtenOf("lab: demo\nsandboxes:\n  a: &small { memory: 1GiB }\n  b: *small\n")).toMatchObject({
    sandboxes: { a: { memory: "1GiB" }, b: { memory: "1GiB" } },
  });
});

test("an anchor may be set again, and an alias means the last one before it", () => {
  expect(writtenOf("lab: demo\nsandboxes:\n  a: { cpus: &n 1 }\n  b: { cpus: &n 2 }\n  c: { cpus: *n }\n")).toMatchObject({
    sandboxes: { c: { cpus: 2 } },
  });
});

test("a thousand aliases to one map are fine", () => {
  const many = Array.from({ length: 1000 }, (_, index) => `  s${index}: *base\n`).join("");
  expect(
    Object.keys((writtenOf(`lab: demo\ndefaults: &base { cpus: 2 }\nsandboxes:\n${many}`) as { sandboxes: object }).sandboxes),
  ).toHaveLength(1000);
});

test("an alias to nothing, and one to itself, are told", () => {
  expect(faultsOf(`lab: *name\n${rest}`)).toContain("1:6 YAML_ALIAS *name");
  expect(faultsOf("lab: demo\nsandboxes: &all\n  web: { disks: [*all] }\n")).toContain("3:18 YAML_ALIAS *all");
});

test("an alias bomb is one fault and takes no time", () => {
  const bomb = "bcdefghij".split("").map((name, index) => `${name}: &${name} [${Array(9).fill(`*${"abcdefghi"[index]}`).join()}]`);
  const { value: faults, milliseconds } = timed(() => faultsOf(["a: &a [x,x,x,x,x,x,x,x,x]", ...bomb].join("\n")));
  expect(milliseconds).toBeLessThan(2000);
  expect(faults.filter((fault) => fault.includes("YAML_ALIAS"))).toHaveLength(1);
});

test("a merge key is refused with a pointer to profiles", () => {
  const text = "lab: demo\ndefaults: &base { cpus: 2 }\nsandboxes:\n  web:\n    <<: *base\n";
  expect(faultsOf(text)[0]).toBe("5:5 YAML_MERGE_KEY <<");
  expect(remediesOf(text)[0]).toContain("profiles");
});

test.each(["yes", "Yes", "on", "ON"])("%s for a boolean is told with the word to write", (word) => {
  const text = `lab: demo\nsandboxes: { web: { protect: ${word} } }\n`;
  expect(faultsOf(text)).toEqual([`2:30 WRONG_TYPE ${word}`]);
  expect(remediesOf(text)).toEqual(["Write true: yes, no, on and off are text in YAML 1.2."]);
});

test("a mode without quotes is told with its zeros", () => {
  const text = "lab: demo\nsandboxes: { web: { cloudInit: { writeFiles: [{ path: /x, content: x, permissions: 0644 }] } } }\n";
  expect(remediesOf(text)).toEqual(['Put it in quotes: "0644". Without them YAML 1.2 reads a number and drops its zeros.']);
});

test("a version without quotes is told with its zero", () => {
  expect(remediesOf("lab: demo\nsandboxes: { web: { labels: { version: 1.10 } } }\n")[0]).toContain('"1.10"');
});

test("no, off and 0755 as text stay text", () => {
  expect(writtenOf('lab: demo\nsandboxes: { web: { labels: { norway: no, mode: "0755" } } }\n')).toMatchObject({
    sandboxes: { web: { labels: { norway: "no", mode: "0755" } } },
  });
});

test("keys are text as written", () => {
  expect(writtenOf("lab: demo\nsandboxes: { web: { labels: { 1.10: a, yes: b, null: c, 0x10: d } } }\n")).toMatchObject({
    sandboxes: { web: { labels: { "1.10": "a", yes: "b", null: "c", "0x10": "d" } } },
  });
});

test("a list or a map as a key, and __proto__, are told", () => {
  expect(faultsOf(`lab: demo\n[a]: b\n${rest}`)).toEqual(["2:1 YAML_KEY ["]);
  expect(faultsOf("lab: demo\nsandboxes: { web: { labels: { __proto__: x } } }\n")).toEqual(["2:31 YAML_KEY __proto__"]);
  expect(({} as { x?: string }).x).toBeUndefined();
});

test("tags beside the core ones are told; core ones work", () => {
  expect(faultsOf(`lab: !secret demo\n${rest}`)).toEqual(["1:14 YAML_TAG demo"]);
  expect(faultsOf(`lab: !!binary aGk=\n${rest}`)[0]).toContain("YAML_TAG");
  expect(writtenOf("lab: demo\nsandboxes: { web: { labels: { n: !!str 5 } } }\n")).toMatchObject({
    sandboxes: { web: { labels: { n: "5" } } },
  });
});

test("several documents are told at the second one", () => {
  expect(faultsOf(`lab: demo\n${rest}---\nlab: other\n`)).toEqual(["3:1 YAML_DOCUMENTS ---"]);
});

test("a document may begin with --- and end with ...", () => {
  expect(writtenOf(`---\nlab: demo\n${rest}...\n`)).toEqual({ lab: "demo", sandboxes: {} });
});

test("YAML 1.1 is refused, YAML 1.2 may be named", () => {
  expect(faultsOf(`%YAML 1.1\n---\nlab: demo\n${rest}`)).toEqual(["1:1 YAML_VERSION %YAML 1.1"]);
  expect(writtenOf(`%YAML 1.2\n---\nlab: demo\n${rest}`)).toMatchObject({ lab: "demo" });
});

test.each([
  ["nothing", ""],
  ["blank lines", "\n\n"],
  ["comments", "# a lab\n"],
  ["a byte-order mark", "\uFEFF"],
  ["null", "null\n"],
  ["only ---", "---\n"],
])("a file with %s is empty", (_, text) => {
  expect(faultsOf(text)).toEqual([expect.stringMatching(/^1:1 FILE_EMPTY/)]);
});

test("a list or a text at the top is told", () => {
  expect(faultsOf("- lab: demo\n")).toEqual(["1:1 WRONG_TYPE - lab: demo"]);
  expect(faultsOf("just text\n")).toEqual(["1:1 WRONG_TYPE just text"]);
});

test("syntax errors are told with their places, one per line, and nothing else", () => {
  expect(
    faultsOf("lab: demo\nsandboxes:\n  web: { cpus: 2\n  db: ]\nx: 'open\n").every((fault) => /^\d+:\d+ YAML_SYNTAX/.test(fault)),
  ).toBe(true);
  expect(faultsOf('lab: demo\nsandboxes: { web: { user: "open } }\n')).toHaveLength(1);
});

test.each([
  ["lab:demo\nsandboxes: {}\n", "1:1 YAML_SYNTAX lab:", "Write lab: demo"],
  [
    "lab: demo\nsandboxes:\n  web:\n    image: a\n   cpus: 2\n",
    "5:4 YAML_SYNTAX cpus: 2",
    "Give lines that belong together the same indentation.",
  ],
  ["lab: demo\nsandboxes: { web: { memory: ${var:size} } }\n", "2:29 YAML_SYNTAX ${var:size}", 'Put it in quotes: "${var:size}".'],
  ["lab: demo\nsandboxes: [a,\n\n", "2:14 YAML_SYNTAX ,", "Close it with ], or indent the lines that belong to it."],
  ['lab: "demo\n\n', "1:10 YAML_SYNTAX o", 'Close it with ".'],
  ["lab: @demo\n", "1:6 YAML_SYNTAX @", "Put the text in quotes: ` and @ cannot start it."],
])("the common mistake %j is told with what to write", (text, fault, remedy) => {
  expect(faultsOf(text)).toEqual([fault]);
  expect(remediesOf(text)).toEqual([remedy]);
});

test("a trap is told once: what stands at its place is not checked again", () => {
  expect(faultsOf("lab: *name\nsandboxes: {}\n")).toEqual(["1:6 YAML_ALIAS *name"]);
});
