import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tinyLab, type TestedProvider } from "../../../fixtures/lab-runner.ts";
import { literalOf, secretOf } from "./marks.ts";

/** Every place of a lab that may name a secret, by the name of the variable or file that holds it. Wild where any text may stand. */
const variables = {
  LOGIN_KEY: false,
  TEAM_KEY: false,
  USER_NAME: true,
  USER_HASH: true,
  USER_KEY: true,
  APT_LOGIN: false,
  APT_CONFIG: true,
  APT_KEY: true,
  YUM_LOGIN: false,
  PROXY_LOGIN: false,
  BOOT_COMMAND: true,
  RUN_COMMAND: true,
  RUN_ARGUMENT: true,
  FILE_CONTENT: true,
  MOUNT_OPTION: true,
  POWER_MESSAGE: true,
  PHONE_URL: false,
  INLINE_USER_DATA: false,
  TEMPLATE: true,
  VENDOR_DATA: false,
  DRIVE_HASH: true,
  DRIVE_SCRIPT: true,
} as const;

/** A secret that is found by trying all there are, if anything tells the right one. */
export const guessable = "4821";

/** The environment with every secret in it. A proxy's password in a URL is encoded. */
export const secretEnvironment: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(variables).map(([name, wild]) => [`SECRET_${name}`, secretOf(name, { wild })])),
  SECRET_PROXY_LOGIN: encodeURIComponent(secretOf("PROXY_LOGIN", { wild: true })),
  PIN: guessable,
  // For downloads, of which this lab has none.
  ALL_PROXY: `http://user:${encodeURIComponent(secretOf("MACHINE_PROXY"))}@127.0.0.1:9/`,
};

/** Names that are found in the seeds: each secret got there. */
export const placesInSeeds: readonly string[] = [...Object.keys(variables), "FIRST_LINE", "LAST_LINE"];

const pem = `-----BEGIN X-----\n${secretOf("FIRST_LINE")}\n${"A".repeat(60)}\n${secretOf("LAST_LINE")}\n-----END X-----\n`;

export async function writeFilesOfLab(folder: string): Promise<void> {
  await writeFile(join(folder, "ca.pem"), pem, { mode: 0o600 });
  await writeFile(join(folder, "setup.sh"), "#!/bin/sh\necho '${env:SECRET_TEMPLATE}' >/dev/null\n");
  await writeFile(join(folder, "literal.yaml"), `#cloud-config\nfinal_message: ${literalOf("user-data")}\n`);
}

/** Two sandboxes that are made and never started, with a secret in every place, and one whose secret could be guessed. */
export async function secretLab(provider: TestedProvider, extra: Readonly<Record<string, object>> = {}): Promise<object> {
  const lasting = { ready: "ssh", timeouts: { ready: "4s" }, overrides: { running: false } };
  return await tinyLab({
    lab: `secret-${provider}`,
    provider,
    networks: { front: { mode: "isolated", cidr: provider === "libvirt" ? "10.78.61.0/24" : "10.78.62.0/24" } },
    sandboxes: {
      web: { ...lasting, networks: ["front"], sshKeys: ["${env:SECRET_LOGIN_KEY}"], cloudInit: webCloudInit },
      drive: {
        ...lasting,
        networks: ["front"],
        seed: "configdrive",
        cloudInit: {
          users: [{ name: "bob", passwordHash: "${env:SECRET_DRIVE_HASH}" }],
          userData: "#!/bin/sh\n# ${env:SECRET_DRIVE_SCRIPT}\ntrue\n",
        },
      },
      pin: { ...lasting, networks: ["front"], cloudInit: { runCmd: [["unlock", "${env:PIN}"]] } },
      ...extra,
    },
  });
}

const webCloudInit = {
  users: [
    {
      name: "alice",
      fullName: "${env:SECRET_USER_NAME}",
      passwordHash: "${env:SECRET_USER_HASH}",
      sshKeys: ["${env:SECRET_USER_KEY}"],
    },
  ],
  sshKeys: ["${env:SECRET_TEAM_KEY}"],
  apt: {
    sources: { tools: { source: "deb https://u:${env:SECRET_APT_LOGIN}@example.test/ x main", key: "${env:SECRET_APT_KEY}" } },
    config: "# ${env:SECRET_APT_CONFIG}",
  },
  yum: { repos: { tools: { baseUrl: "https://u:${env:SECRET_YUM_LOGIN}@example.test/" } } },
  proxy: { http: "http://u:${env:SECRET_PROXY_LOGIN}@proxy.example.test:3128" },
  bootCmd: ["true ${env:SECRET_BOOT_COMMAND}"],
  runCmd: ["true ${env:SECRET_RUN_COMMAND}", ["true", "${env:SECRET_RUN_ARGUMENT}"], `true ${literalOf("runCmd")}`],
  writeFiles: [
    { path: "/etc/token", content: "${env:SECRET_FILE_CONTENT}", permissions: "0600" },
    { path: "/etc/key.pem", content: "${file:./ca.pem}", permissions: "0600" },
    { path: "/etc/literal", content: literalOf("writeFiles"), permissions: "0600" },
  ],
  mounts: [{ device: "//server.example.test/share", path: "/mnt", type: "cifs", options: ["password=${env:SECRET_MOUNT_OPTION}"] }],
  caCerts: { trusted: ["${file:./ca.pem}"] },
  powerState: { mode: "reboot", message: "${env:SECRET_POWER_MESSAGE}" },
  phoneHome: { url: "http://10.0.0.1/${env:SECRET_PHONE_URL}" },
  userData: [
    "#cloud-config\nchpasswd:\n  users:\n    - { name: carol, type: text, password: '${env:SECRET_INLINE_USER_DATA}' }\n",
    { file: "./setup.sh", template: true },
    "./literal.yaml",
  ],
  vendorData: `#cloud-config\nwrite_files:\n  - { path: /etc/vendor, permissions: '0600', content: "\${env:SECRET_VENDOR_DATA}" }\n  - { path: /etc/l, content: ${literalOf("vendorData")} }\n`,
};
