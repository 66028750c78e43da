import { expect, test } from "vitest";
import { checkCloudInit, checkMaterialized } from "../../lib/deploy/check-cloud-init.ts";
import { normalizeLab } from "../../lib/lab/normalize-lab.ts";
import { parseLabFile } from "../../lib/labfile/parse-lab-file.ts";

const head = `lab: demo
vars: { key: packages }
images: { d: { path: /x.qcow2, sha256: "${"0".repeat(64)}" } }
defaults: { image: d }
`;

/** Code, file, line, column and the marked text of what is found in a lab. */
function found(sandboxes: string, texts: Readonly<Record<string, string>> = {}): string[] {
  const { value, diagnostics } = parseLabFile({ file: "labs/lab.yaml", text: head + sandboxes });
  expect(diagnostics).toEqual([]);
  if (!value) return [];
  const files = new Map(Object.entries(texts).map(([path, text]) => [path, { text }]));
  const { value: normalized, diagnostics: problems } = normalizeLab(value.written, { files });
  expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
  if (!normalized) return [];
  return checkCloudInit({ ...value, lab: normalized.lab, file: "labs/lab.yaml", files }).map(({ code, source, path }) =>
    source
      ? `${code} ${source.file}:${source.line}:${source.column} ${source.text.slice(source.column - 1, source.column - 1 + source.length)}`
      : `${code} ${path?.join(".")}`,
  );
}

test.each([
  ["a block text", "|\n        #cloud-config\n        package: [a]\n", "10:9"],
  ["double quotes", '"#cloud-config\\npackage: [a]\\n"\n', "8:33"],
  ["double quotes over lines", '"#cloud-config\\n\\\n        package: [a]\\n"\n', "9:9"],
  ["a folded text", ">\n        #cloud-config\n\n        package: [a]\n", "11:9"],
])("a fault in %s of the lab is found inside it", (_form, text, place) => {
  expect(found(`sandboxes:\n  web:\n    cloudInit:\n      userData: ${text}`)).toEqual([
    `CLOUD_INIT_UNKNOWN_KEY labs/lab.yaml:${place} package`,
  ]);
});

test("a fault in a file is found there, once for all sandboxes that share it", () => {
  expect(
    found("sandboxes: { web: { count: 3, cloudInit: { userData: ./u.yaml } } }\n", { "./u.yaml": "#cloud-config\n\nnetwork: {}\n" }),
  ).toEqual(["CLOUD_INIT_NETWORK_IN_USER_DATA labs/u.yaml:3:1 network"]);
});

test("a fault in a template is found beside what was replaced", () => {
  const template = "#cloud-config\n${var:key}: {a: 1}\nfoo: ${each:index}\n";
  expect(
    found("sandboxes: { web: { count: 1, cloudInit: { userData: { file: ./u.yaml, template: true } } } }\n", { "./u.yaml": template }),
  ).toEqual(["CLOUD_INIT_UNKNOWN_KEY labs/u.yaml:3:1 foo", expect.stringMatching(/^CLOUD_INIT_SCHEMA labs\/u.yaml:2:13 {a: 1}/)]);
});

test("user-data with a secret is checked but for the lines of the secret", () => {
  const lab =
    "sandboxes:\n  web:\n    cloudInit:\n      userData: |\n        #cloud-config\n        users: [{ name: a, passwd: '${env:HASH}' }]\n        foo: 1\n";
  expect(found(lab)).toEqual(["CLOUD_INIT_UNKNOWN_KEY labs/lab.yaml:11:9 foo"]);
});

test("a network configuration is checked where it stands in the lab", () => {
  expect(found("sandboxes: { web: { cloudInit: { networkConfig: { version: 2, ethernets: { e: { gateway4: 10.0.0.1 } } } } } }\n")).toEqual(
    ["CLOUD_INIT_GATEWAY sandboxes.web.cloudInit.networkConfig.ethernets.e.gateway4"],
  );
});

test("with secrets in place only codes are told, never the text", () => {
  const found = checkMaterialized("web", "hunter2: secret\n");
  expect(found).toMatchObject([{ code: "CLOUD_INIT_HEADER_MISSING", severity: "error" }]);
  expect(JSON.stringify(found)).not.toContain("hunter2");
  expect(checkMaterialized("web", "#!/bin/sh\n")).toEqual([]);
});

test("faults in vendor-data and in parts of user-data are found where they are written", () => {
  const lab = `sandboxes:
  web:
    cloudInit:
      userData:
        - ./u.yaml
        - "#!/bin/sh"
        - |
          #cloud-config
          package: [a]
      vendorData: |
        #cloud-config
        foo: 1
`;
  expect(found(lab, { "./u.yaml": "#cloud-config\n\nnetwork: {}\n" })).toEqual([
    "CLOUD_INIT_NETWORK_IN_USER_DATA labs/u.yaml:3:1 network",
    "CLOUD_INIT_UNKNOWN_KEY labs/lab.yaml:13:11 package",
    "CLOUD_INIT_UNKNOWN_KEY labs/lab.yaml:16:9 foo",
  ]);
});
