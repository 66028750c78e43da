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

test("parts are read one by one, texts and files in their order", () => {
  const options = files("#!/bin/sh\n");
  expect(userDataOf(["#cloud-config\n{}\n", "./web.yaml", "#!/bin/sh\necho ${env:X} ${each:port}"], options)).toEqual([
    "#cloud-config\n{}\n",
    "#!/bin/sh\n",
    { pieces: ["#!/bin/sh\necho ", { env: "X" }, " 80"] },
  ]);
  expect(said(labOf({ web: { cloudInit: { vendorData: ["./web.yaml", "./lost.yaml"] } } }), options)).toEqual([
    "USER_DATA_FILE_UNREAD sandboxes.web.cloudInit.vendorData.1",
  ]);
});

test("further meta-data goes through, and what Terrarium writes itself is refused at its place", () => {
  const metaData = { role: "web-${each:key}", "public-keys": ["ssh-ed25519 AAAA"], zone: { a: 1 } };
  const web = normalized(labOf({ web: { forEach: ["a"], cloudInit: { metaData } } })).lab.sandboxes["web-a"];
  expect(web?.cloudInit.metaData).toEqual({ ...metaData, role: "web-a" });
  const written = labOf({
    web: { cloudInit: { metaData: { "instance-id": "i", role: "web", "local-hostname": "x", uuid: "u", hostname: "h" } } },
  });
  expect(said(written, {})).toEqual(
    ["instance-id", "local-hostname", "uuid", "hostname"].map((key) => `META_DATA_RESERVED sandboxes.web.cloudInit.metaData.${key}`),
  );
  expect(said(labOf({ web: { cloudInit: { metaData: { role: "${env:X}" } } } }), {})).toEqual([
    "SECRET_MISPLACED sandboxes.web.cloudInit.metaData.role",
  ]);
});
