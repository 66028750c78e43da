import { expect, test } from "vitest";
import { checkUserData } from "../../lib/cloud-init/check-user-data.ts";

/** Codes with their places, and the text that stands there. */
function placesIn(text: string): (string | undefined)[][] {
  return checkUserData(text, { file: "web.mime" }).map(({ code, source }) => [
    code,
    source && `${source.line}:${source.column}`,
    source?.text.slice(source.column - 1, source.column - 1 + source.length),
  ]);
}

const message = [
  'Content-Type: multipart/mixed; boundary="=+b"',
  "MIME-Version: 1.0",
  "",
  "A preamble",
  "--=+b",
  'Content-Type: text/cloud-config; charset="us-ascii"',
  'Content-Disposition: attachment; filename="site.cfg"',
  "",
  "#cloud-config",
  "packages: nginx",
  "--=+b",
  "Content-Type: text/plain",
  "",
  "#!/bin/sh",
  "sleep infinity",
  "--=+b",
  'Content-Type: multipart/mixed; boundary="inner"',
  "",
  "--inner",
  "Content-Type: text/x-shellscript",
  "",
  "echo no interpreter",
  "--inner--",
  "--=+b--",
  "",
];

test.each(["\n", "\r\n"])("faults in parts of a message are found at their lines (line break %j)", (lineBreak) => {
  expect(placesIn(message.join(lineBreak))).toEqual([
    ["CLOUD_INIT_SCHEMA", "10:11", "nginx"],
    ["CLOUD_INIT_NEVER_ENDS", "15:1", "sleep infinity"],
    ["CLOUD_INIT_SCRIPT_NO_SHEBANG", "22:1", "echo no interpreter"],
  ]);
});

test.each([
  ["base64", Buffer.from("#cloud-config\nnetwork: {}\n").toString("base64")],
  ["quoted-printable", "#cloud-config=0Anetwo=\nrk: {}=0A"],
])("a part in %s is unpacked, and shown where it begins", (encoding, content) => {
  const text = ["MIME-Version: 1.0", "Content-Type: text/cloud-config", `Content-Transfer-Encoding: ${encoding}`, "", content, ""].join(
    "\n",
  );
  expect(placesIn(text)).toMatchObject([["CLOUD_INIT_NETWORK_IN_USER_DATA", "5:1", expect.any(String)]]);
});

test("entries of an archive are found in block texts, in quotes, and without a header", () => {
  const archive = [
    "#cloud-config-archive",
    "- type: text/cloud-config",
    "  content: |",
    "    network: {}",
    "- |",
    "  #!/bin/sh",
    "  tail -f /var/log/x",
    '- "runcmd: [1]"',
    "- { type: text/x-shellscript, content: echo }",
    "",
  ];
  expect(placesIn(archive.join("\n"))).toEqual([
    ["CLOUD_INIT_NETWORK_IN_USER_DATA", "4:5", "network"],
    ["CLOUD_INIT_NEVER_ENDS", "7:3", "tail -f /var/log/x"],
    ["CLOUD_INIT_YAML_TYPE", "8:13", "1"],
    ["CLOUD_INIT_SCRIPT_NO_SHEBANG", "9:40", "echo"],
  ]);
});

test("messages inside messages end somewhere", () => {
  const nested = Array.from({ length: 40 }).reduce<string>(
    (inner, _, index) => `MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b${index}\n\n--b${index}\n${inner}\n--b${index}--\n`,
    "Content-Type: text/plain\n\n#!/bin/sh\n",
  );
  expect(() => checkUserData(nested)).not.toThrow();
});
