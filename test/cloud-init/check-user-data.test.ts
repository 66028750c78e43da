import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { checkUserData } from "../../lib/cloud-init/check-user-data.ts";

test.each([
  "#cloud-config\npackages: [nginx]\n",
  "#cloud-config\nmounts: [[sdc, /opt]]\nruncmd:\n  - 'ip link show dev network: up'\n",
  "#cloud-config\nwrite_files:\n  - path: /a\n    content: |\n      network:\n        version: 2\n",
  "#!/bin/sh\necho network:\n",
  "## template: jinja\n#cloud-config\nruncmd: [echo {{ v1.instance_id }}]\n",
  "#include\nhttp://example.test/a\n",
  "",
])("%j is fine", (text) => {
  expect(checkUserData(text)).toEqual([]);
});

test("a network in user-data is an error that says where it belongs, at its key", () => {
  const text = "#cloud-config\npackages: [nginx]\nnetwork:\n  version: 2\n";
  expect(checkUserData(text, { file: "web.yaml" })).toMatchObject([
    {
      code: "CLOUD_INIT_NETWORK_IN_USER_DATA",
      severity: "error",
      source: { file: "web.yaml", line: 3, column: 1, length: 7, text: "network:" },
      nextStep: expect.stringContaining("cloudInit.networkConfig"),
    },
  ]);
});

test.each([
  ['#cloud-config\n{"network": {"version": 2}}\n', 2, 2],
  ["#cloud-config\r\n'network':\r\n  version: 1\r\n", 2, 1],
  ["## template: jinja\n#cloud-config\n{% if true %}\nnetwork:\n{% endif %}\n", 4, 1],
])("it is found in %j, too", (text, line, column) => {
  expect(checkUserData(text, { file: "web.yaml" })).toMatchObject([{ code: "CLOUD_INIT_NETWORK_IN_USER_DATA", source: { line, column } }]);
});

test("it is found in what is packed, without a position that would point nowhere", () => {
  const packed = gzipSync("#cloud-config\nnetwork: {}\n").toString("base64");
  expect(checkUserData(packed, { file: "web.yaml" })).toMatchObject([{ code: "CLOUD_INIT_NETWORK_IN_USER_DATA", source: undefined }]);
});

test.each([
  ["packages: [nginx]\n", 'add the first line "#cloud-config"'],
  ["# cloud-config\npackages: []\n", "without spaces"],
  ["#cloud_config\npackages: []\n", "without spaces"],
  ["\ufeff#cloud-config\n", "byte-order mark"],
  ["echo hello\n", "#!/bin/sh"],
  ["## template: jinja\npackages: []\n", 'add the first line "#cloud-config"'],
])("%j has no header that cloud-init knows", (text, remedy) => {
  expect(checkUserData(text)).toMatchObject([
    { code: "CLOUD_INIT_HEADER_MISSING", severity: "error", nextStep: expect.stringContaining(remedy) },
  ]);
});

test.each([
  ["#cloud-config\npackages: [nginx\n", "packages: [nginx"],
  ["#cloud-config\n- nginx\n", "- nginx"],
  ["#cloud-config\njust text\n", "just text"],
])("%j is cloud-config that cannot be read", (text) => {
  expect(checkUserData(text, { file: "web.yaml" })).toMatchObject([
    { code: "CLOUD_INIT_YAML", severity: "error", source: { file: "web.yaml" } },
  ]);
});

test("aliases that expand to very much are refused", () => {
  const levels = Array.from(
    { length: 9 },
    (_, index) => `a${index + 1}: &a${index + 1} [${Array.from({ length: 9 }, () => `*a${index}`).join(",")}]`,
  );
  expect(checkUserData(`#cloud-config\na0: &a0 [x]\n${levels.join("\n")}\n`)).toMatchObject([{ code: "CLOUD_INIT_YAML" }]);
});

test("what starts like gzip but is cut is refused", () => {
  const packed = gzipSync("#!/bin/sh\n").toString("base64");
  expect(checkUserData(packed.slice(0, 20), { file: "web.yaml" })).toMatchObject([{ code: "CLOUD_INIT_GZIP", severity: "error" }]);
});

test("every error says what to do", () => {
  for (const text of ["a", "#cloud-config\n[", "#cloud-config\nnetwork: 1\n", "H4sIAAAA"]) {
    expect(checkUserData(text).map(({ nextStep }) => nextStep)).toEqual([expect.any(String)]);
  }
});
