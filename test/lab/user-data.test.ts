import { expect, test } from "vitest";
import { normalizeLab, type NormalizeOptions } from "../../lib/lab/normalize-lab.ts";
import type { WrittenCloudInit } from "../../lib/lab/written-lab.ts";
import { labOf, normalized, said } from "./lab-fixtures.ts";

const files = (text: string): NormalizeOptions => ({ files: new Map([["./web.yaml", { text }]]) });
const userDataOf = (userData: WrittenCloudInit["userData"], options: NormalizeOptions) =>
  normalized(labOf({ web: { forEach: { a: { port: 80 } }, cloudInit: { userData } } }, { vars: { size: 3 } }), options).lab.sandboxes[
    "web-a"
  ]?.cloudInit.userData;

test("a file is taken as it is", () => {
  const text = "#!/bin/sh\necho ${each:port} ${env:HOME} $${var:size} ${var:size}\n";
  expect(userDataOf("./web.yaml", files(text))).toBe(text);
  expect(userDataOf({ file: "./web.yaml" }, files(text))).toBe(text);
});

test("a template's references are replaced, and secrets named", () => {
  const text = "${var:size} ${each:port} ${env:TOKEN} $${var:size} ${HOME}";
  expect(userDataOf({ file: "./web.yaml", template: true }, files(text))).toEqual({
    pieces: ["3 80 ", { env: "TOKEN" }, " ${var:size} ${HOME}"],
  });
});

test("a text of several lines, or one that begins like none, is no path", () => {
  for (const text of ["/bin/true\nx", "#cloud-config\n{}"]) expect(userDataOf(text, {})).toBe(text);
});

test("a file that was not read is an error at its place", () => {
  expect(normalizeLab(labOf({ web: { cloudInit: { userData: { file: "web.yaml" } } } })).diagnostics).toMatchObject([
    {
      code: "USER_DATA_FILE_UNREAD",
      path: ["sandboxes", "web", "cloudInit", "userData"],
      summary: expect.stringContaining("web.yaml") as string,
    },
  ]);
});

test("a template's variables must have values", () => {
  const written = labOf({ web: { cloudInit: { userData: { file: "./web.yaml", template: true } } } });
  expect(said(written, files("${var:a} ${each:b}"))).toEqual([
    "UNKNOWN_VARIABLE sandboxes.web.cloudInit.userData",
    "UNKNOWN_EACH sandboxes.web.cloudInit.userData",
  ]);
});
