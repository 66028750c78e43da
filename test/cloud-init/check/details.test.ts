import { expect, test } from "vitest";
import { checkUserData } from "../../../lib/cloud-init/check-user-data.ts";

const codes = (text: string, version?: string): string[] =>
  checkUserData(text, { cloudInitVersion: version }).map(({ code, severity }) => (severity === "error" ? code : `${code}?`));

test.each([
  ["tail -f /x", "error"],
  ["sleep infinity", "error"],
  ["echo a; tail -F /x", "warning"],
  ["while true; do date; sleep 1; done", "warning"],
  ["while :\ndo\n  date\ndone", "warning"],
  ["read answer", "error"],
  ["read -p 'Sure? ' answer", "error"],
  ["journalctl -u nginx -f", "error"],
])("bootcmd %j never ends (%s)", (command, severity) => {
  expect(checkUserData(`#cloud-config\nbootcmd: [${JSON.stringify(command)}]\n`)).toMatchObject([
    { code: "CLOUD_INIT_NEVER_ENDS", severity },
  ]);
});

test.each([
  "tail -f /x &",
  "tail -n 5 /x",
  "timeout 60 tail -f /x",
  "nohup sleep infinity > /dev/null 2>&1 &",
  "while true; do ping -c 1 db && break; sleep 1; done",
  "while read -r line; do echo $line; done < /etc/hosts",
  "read answer < /etc/answer",
  "echo yes | read answer",
  "while true; do date; done &",
  "cat > /etc/x <<EOF\ntail -f /x\nEOF",
  "# tail -f",
  "sleep 5",
  "echo read me",
])("runcmd %j ends", (command) => {
  expect(codes(`#cloud-config\nruncmd: [${JSON.stringify(command)}]\n`)).toEqual([]);
});

test("commands as lists are read, too; a Python script is not", () => {
  expect(codes("#cloud-config\nbootcmd: [[tail, -f, /x]]\n")).toEqual(["CLOUD_INIT_NEVER_ENDS"]);
  expect(codes("#!/usr/bin/python3\nwhile True:\n  pass\nread\n")).toEqual([]);
});

test.each([
  ["permissions: 0644", "'0644'"],
  ["permissions: 644", "'644'"],
  ["owner: on", "'on'"],
  ["owner: 22:22", "'22:22'"],
  ["owner: 2030-01-01", "'2030-01-01'"],
  ["owner: 1.10", "'1.10'"],
])("%s in write_files is not text to YAML", (line, quoted) => {
  expect(checkUserData(`#cloud-config\nwrite_files:\n  - path: /a\n    ${line}\n`, { file: "a" })).toMatchObject([
    { code: "CLOUD_INIT_YAML_TYPE", severity: "error", nextStep: `Put it in quotes: ${quoted}.`, source: { line: 4 } },
  ]);
});

test("a number that may be a password is not repeated", () => {
  const found = checkUserData("#cloud-config\npassword: 918273\n", { file: "a" });
  expect(found).toMatchObject([{ code: "CLOUD_INIT_YAML_TYPE", source: { line: 2 } }]);
  expect(JSON.stringify(found)).not.toContain("918273");
});

test.each(["uid: 0750", "uid: 10:30"])("where numbers are wanted, %s is a warning", (line) => {
  expect(codes(`#cloud-config\nusers: [default, {name: a, ${line}}]\n`)).toEqual(["CLOUD_INIT_YAML_TYPE?"]);
});

test("what YAML 1.1 says and PyYAML does not is text: y, n, 1e3, 0o17", () => {
  expect(codes("#cloud-config\nruncmd: [[y, n, 1e3, 0o17]]\n")).toEqual([]);
});

test.each([
  ["before a key", "#cloud-config\nntp:\n\tenabled: true\n", 3, 1],
  ["after a colon", "#cloud-config\nhostname:\tweb\n", 2, 10],
  ["at the end of a line", "#cloud-config\nhostname: web\t\n", 2, 14],
  ["before a comment", "#cloud-config\nhostname: web\t# it\n", 2, 14],
  ["inside plain text", "#cloud-config\nruncmd:\n  - echo a\tb\n", 3, 11],
  ["on a line of its own", "#cloud-config\n\t\nhostname: web\n", 2, 1],
])("a tab %s is an error at its place", (_where, text, line, column) => {
  expect(checkUserData(text, { file: "a" })).toMatchObject([{ code: "CLOUD_INIT_TAB", source: { line, column } }]);
});

test.each([
  "#cloud-config\nruncmd:\n  - |\n    if true; then\n    \techo a\n    fi\n",
  "#cloud-config\nruncmd:\n  - |\n    \techo a\n",
  "#cloud-config\nruncmd:\n  - >-\n    echo\ta\n",
  '#cloud-config\nruncmd:\n  - "echo\ta"\n',
  "#cloud-config\nruncmd: ['echo\ta'] # a\tb\n",
])("tabs in block texts, quotes and comments are fine: %j", (text) => {
  expect(codes(text)).toEqual([]);
});

test.each([
  ["22.2", []],
  ["22.4", ["CLOUD_INIT_DEPRECATED?"]],
  ["26.2", ["CLOUD_INIT_DEPRECATED?"]],
])("a key is deprecated from the release on that deprecated it (%s)", (version, expected) => {
  expect(codes("#cloud-config\nca-certs: {trusted: [x]}\n", version)).toEqual(expected);
});

test("deprecations of a form that was not taken are none", () => {
  expect(codes("#cloud-config\nssh_pwauth: true\n")).toEqual([]);
  expect(codes("#cloud-config\nssh_pwauth: 'yes'\n")).toEqual(["CLOUD_INIT_DEPRECATED?"]);
});

test.each([
  ["users: [default, {name: a, plain_text_passwd: hunter2}]", ["CLOUD_INIT_PLAIN_TEXT_PASSWORD?"]],
  ["users: [default, {name: a, hashed_passwd: hunter2}]", ["CLOUD_INIT_PASSWORD_NOT_HASHED"]],
  ["users: [default, {name: a, passwd: '$y$j9T$x$y'}]", []],
  ["users: [default, {name: a, passwd: '!'}]", []],
  ["password: hunter2", ["CLOUD_INIT_PLAIN_TEXT_PASSWORD?"]],
  ["password: R", []],
  ["chpasswd: {users: [{name: a, password: hunter2}]}", ["CLOUD_INIT_PASSWORD_NOT_HASHED"]],
  ["chpasswd: {users: [{name: a, type: RANDOM}]}", []],
  ["chpasswd: {list: 'a:hunter2'}", ["CLOUD_INIT_PLAIN_TEXT_PASSWORD?", "CLOUD_INIT_CHPASSWD_LIST?"]],
  ["chpasswd: {list: ['a:RANDOM']}", ["CLOUD_INIT_CHPASSWD_LIST?"]],
])("passwords: %s", (line, expected) => {
  expect(codes(`#cloud-config\n${line}\n`)).toEqual(expected);
});

test("neither a message nor an excerpt shows a password", () => {
  for (const line of [
    "users: [{name: a, passwd: hunter2}]",
    "password: hunter2",
    "chpasswd: {list: ['a:hunter2']}",
    "users: [{name: a, uid: hunter2x, passwd: {a: hunter2}}]",
  ]) {
    const found = checkUserData(`#cloud-config\n${line}\n`, { file: "a" }).filter(({ code }) => code.includes("PASSW"));
    expect(JSON.stringify(found)).not.toContain("hunter2");
  }
});

test.each([
  ["{path: /a, content: 'x=1'}", false],
  ["{path: /a, content: 'API_KEY: abcdef'}", true],
  ["{path: /a, content: 'API_KEY: abcdef', permissions: '0640'}", false],
  ["{path: /a, content: 'API_KEY: abcdef', permissions: '0644'}", true],
  ["{path: /a, content: 'password=$PASSWORD'}", false],
  ["{path: /a, content: '-----BEGIN OPENSSH PRIVATE KEY-----'}", true],
  [`{path: /a, encoding: b64, content: ${Buffer.from("secret: hunter2").toString("base64")}}`, true],
])("write_files %s is a readable secret: %s", (file, expected) => {
  expect(codes(`#cloud-config\nwrite_files: [${file}]\n`)).toEqual(expected ? ["CLOUD_INIT_READABLE_SECRET?"] : []);
});

test("a warning that the text allows is not reported; an error is", () => {
  const text = "#cloud-config\n# terrarium: allow CLOUD_INIT_DEPRECATED, CLOUD_INIT_SCHEMA\napt_update: true\npackages: 1\n";
  expect(codes(text)).toEqual(["CLOUD_INIT_SCHEMA"]);
});

test.each([
  ["package_upgade: true", 'Did you mean "package_upgrade"?'],
  ["runCmd: [a]", 'Did you mean "runcmd"?'],
  ["users: [{name: a, ssh_authorised_keys: [b]}]", 'Did you mean "ssh_authorized_keys"?'],
  ["somethingelse: 1", expect.stringContaining("Take it out")],
])("unknown key in %s: %s", (line, nextStep) => {
  expect(checkUserData(`#cloud-config\n${line}\n`)).toMatchObject([{ code: "CLOUD_INIT_UNKNOWN_KEY", nextStep }]);
});

test.each([
  ["packages: nginx", "cloud-init cannot use packages: expected a list, found text"],
  ["packages: []", "cloud-init cannot use packages: expected at least 1 entry, found an empty list"],
  ["write_files: [{content: a}]", 'cloud-init cannot use write_files[0]: the key "path" is missing'],
  ["ntp: {ntp_client: 5}", "ntp_client"],
  ["power_state: {mode: sleep}", 'expected "poweroff", "reboot" or "halt", found text'],
  ["users: [{name: a, expiredate: '2030-13-01'}]", "expected a date such as 2030-12-31"],
  ["ca_certs: [a]", "expected a map, found a list"],
])("%s is refused: %s", (line, summary) => {
  expect(checkUserData(`#cloud-config\n${line}\n`)).toMatchObject([{ summary: expect.stringContaining(summary) }]);
});

test("an alias and a merge key are followed to where the value is written", () => {
  const text = "#cloud-config\nwrite_files:\n  - &file {path: /a, permissions: 0600}\n  - {<<: *file, path: /b}\n  - *file\n";
  expect(checkUserData(text, { file: "a" }).map(({ source }) => source?.line)).toEqual([3, 3, 3]);
});
