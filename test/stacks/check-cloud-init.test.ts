import { expect, test } from "vitest";
import { checkCloudInit } from "../../stacks/check-cloud-init.ts";
import { normalizeLab } from "../../lib/lab/normalize-lab.ts";
import { parseLabFile } from "../../lib/labfile/parse-lab-file.ts";

const head = `lab: demo
vars: { key: packages }
images: { d: { path: /x.qcow2, sha256: "${"0".repeat(64)}" } }
defaults: { image: d }
`;

/** Code, file, line, column and the marked text of what is found in a lab. */
function found(sandboxes: string, texts: Readonly<Record<string, string>> = {}, cloudInitVersions = new Map<string, string>()): string[] {
  const { value, diagnostics } = parseLabFile({ file: "labs/lab.yaml", text: head + sandboxes });
  expect(diagnostics).toEqual([]);
  if (!value) return [];
  const files = new Map(Object.entries(texts).map(([path, text]) => [path, { text }]));
  const { value: normalized, diagnostics: problems } = normalizeLab(value.written, { files });
  expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
  if (!normalized) return [];
  return checkCloudInit({ ...value, lab: normalized.lab, file: "labs/lab.yaml", files, cloudInitVersions }).map(({ code, source, path }) =>
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

test("what is deprecated is told by the version in the image, and not at all where nobody knows it", () => {
  const lab = 'sandboxes: { web: { cloudInit: { userData: "#cloud-config\\napt_update: true\\n" } } }\n';
  expect(found(lab)).toEqual([]);
  expect(found(lab, {}, new Map([["other", "25.1"]]))).toEqual([]);
  expect(found(lab, {}, new Map([["d", "22.1-1~deb12u1"]]))).toEqual([]);
  expect(found(lab, {}, new Map([["d", "22.4.2"]]))).toEqual([expect.stringMatching(/^CLOUD_INIT_DEPRECATED .* apt_update$/)]);
});

test("typed keys are checked by the same rules, each where it is written, also in profiles", () => {
  const lab = `profiles:
  base: { cloudInit: { runCmd: ["sleep infinity"] } }
  app: { cloudInit: { writeFiles: [{ path: /etc/app, content: "\${env:TOKEN}" }], bootCmd: ["true", ["tail", "-f", /var/log/x]] } }
sandboxes:
  web:
    count: 2
    profiles: [base, app]
    cloudInit:
      runCmd: [echo “hello”, "login \${env:TOKEN}"]
      writeFiles:
        - { path: /etc/ok, content: "\${env:TOKEN}", permissions: "0600" }
        - { path: /etc/conf, content: "password: hunter2" }
        - { path: /etc/motd, content: "\${file:./motd}" }
      users:
        - { name: alice, passwordHash: hunter2 }
        - { name: bob, passwordHash: "\${env:HASH}" }
        - { name: alice, shell: /bin/sh }
`;
  expect(found(lab).toSorted()).toEqual([
    "CLOUD_INIT_LOOKALIKE_CHARACTER sandboxes.web.cloudInit.runCmd.0",
    "CLOUD_INIT_NEVER_ENDS profiles.app.cloudInit.bootCmd.1",
    "CLOUD_INIT_NEVER_ENDS profiles.base.cloudInit.runCmd.0",
    "CLOUD_INIT_PASSWORD_NOT_HASHED sandboxes.web.cloudInit.users.0.passwordHash",
    "CLOUD_INIT_READABLE_SECRET profiles.app.cloudInit.writeFiles.0.permissions",
    "CLOUD_INIT_READABLE_SECRET sandboxes.web.cloudInit.writeFiles.1.permissions",
  ]);
});
