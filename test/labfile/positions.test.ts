import { expect, test } from "vitest";
import { locateDiagnostics } from "../../lib/labfile/locate.ts";
import { parseLabFile } from "../../lib/labfile/parse-lab-file.ts";
import { faultsOf } from "./faults.ts";

const lab = `lab: demo
defaults: &small { memory: 1GiB }
sandboxes:
  web:
    cpus: 2
    networks: [front, { name: back, ip: 10.0.0.5 }]
    cloudInit:
      runCmd:
        - echo one
        - [echo, two]
profiles:
  tiny: *small
`;

const { value } = parseLabFile({ file: "labs/lab.yaml", text: lab });

test.each([
  [["lab"], "1:6 demo"],
  [["sandboxes", "web", "cpus"], "5:11 2"],
  [["sandboxes", "web", "networks", 1, "ip"], "6:41 10.0.0.5"],
  [["sandboxes", "web", "networks", "1", "ip"], "6:41 10.0.0.5"],
  [["sandboxes", "web", "networks", 1], "6:23 { name: back, ip: 10.0.0.5 }"],
  [["sandboxes", "web", "cloudInit", "runCmd", 1], "10:11 [echo, two]"],
  [["sandboxes", "web"], "4:3 web"],
  [["sandboxes"], "3:1 sandboxes"],
])("the path %j is found at %s", (path, expected) => {
  const range = value?.locate(path);
  expect(`${range?.line}:${range?.column} ${range?.text.slice(range.column - 1, range.column - 1 + range.length)}`).toBe(expected);
  expect(range?.file).toBe("labs/lab.yaml");
});

test("a map or list of several lines is shown at its key", () => {
  expect(value?.locate(["sandboxes", "web", "cloudInit", "runCmd"])).toMatchObject({ line: 8, column: 7, length: "runCmd".length });
});

test("a path that is not there is shown at the nearest part of it that is", () => {
  expect(value?.locate(["sandboxes", "web", "disks", 0, "size"])).toEqual(value?.locate(["sandboxes", "web"]));
  expect(value?.locate(["networks"])).toMatchObject({ line: 1, column: 1 });
});

test("a value that comes from an alias is shown where it is written", () => {
  expect(value?.locate(["profiles", "tiny", "memory"])).toMatchObject({
    line: 2,
    text: "defaults: &small { memory: 1GiB }",
    column: 28,
    length: 4,
  });
});

test("the key itself can be asked for", () => {
  expect(value?.locate(["sandboxes", "web", "cpus"], "key")).toMatchObject({ line: 5, column: 5, length: 4 });
});

test("diagnostics of later stages get their place, and keep one that they have", () => {
  const locate = value?.locate ?? (() => ({ file: "", line: 0, column: 0, length: 0, text: "" }));
  const source = { file: "other", line: 1, column: 1, length: 1, text: "x" };
  const found = locateDiagnostics(
    [
      { code: "BAD_FORMAT", severity: "error", summary: "", path: ["sandboxes", "web", "cpus"] },
      { code: "BAD_FORMAT", severity: "error", summary: "", path: ["lab"], source },
      { code: "BAD_FORMAT", severity: "error", summary: "" },
    ],
    locate,
  );
  expect(found.map((diagnostic) => diagnostic.source?.line)).toEqual([5, 1, undefined]);
  expect(found[1]?.source).toBe(source);
});

test("all faults of a file are told at once, in the file's order", () => {
  expect(faultsOf("lab: Demo\nsandboxes:\n  web:\n    memroy: 1GiB\n    cpus: two\n  x y: {}\nhypervizor: kvm\n")).toEqual([
    "1:6 BAD_NAME Demo",
    "4:5 UNKNOWN_KEY memroy",
    "5:11 WRONG_TYPE two",
    "6:3 BAD_NAME x y",
    "7:1 UNKNOWN_KEY hypervizor",
  ]);
});

test("a missing key is shown at the map that lacks it", () => {
  expect(faultsOf("lab: demo\nsandboxes:\n  web:\n    disks:\n      - name: data\n")).toEqual(["5:9 MISSING_KEY name: data"]);
  expect(faultsOf("lab: demo\n")).toEqual(["1:1 MISSING_KEY lab: demo"]);
});

test("a key without a value is shown at the key", () => {
  expect(faultsOf("lab: demo\nsandboxes:\n  web:\n")).toEqual(["3:3 WRONG_TYPE web"]);
});

test("positions are right in files with CRLF and with a byte-order mark", () => {
  expect(faultsOf("\uFEFFlab: Demo\r\nsandboxes:\r\n  web: { cpu: 2 }\r\n")).toEqual(["1:6 BAD_NAME Demo", "3:10 UNKNOWN_KEY cpu"]);
  const [fault] = parseLabFile({ file: "lab.yaml", text: "\uFEFFlab: Demo\r\nsandboxes: {}\r\n" }).diagnostics;
  expect(fault?.source?.text).toBe("lab: Demo");
});

test("a text of several lines is marked on its first line only", () => {
  const [fault] = parseLabFile({ file: "lab.yaml", text: 'lab: demo\nsandboxes: {web: {user: "two\n  lines"}}\n' }).diagnostics;
  expect(fault?.source).toMatchObject({ line: 2, column: 19, length: 4 });
});
