import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import type { SeedIntent } from "../../../../lib/cloud-init/seed-intent.ts";
import { userData } from "../../../../lib/cloud-init/user-data.ts";
import { vendorData } from "../../../../lib/cloud-init/vendor-data.ts";
import { bareIntent, fullIntent, loginKey } from "../../../cloud-init/intents.ts";
import { askPython } from "./cloud-init.ts";

interface Processed {
  readonly parts: { readonly type: string; readonly filename: string; readonly content: string }[];
  readonly config: Record<string, unknown>;
  readonly users: Record<string, Record<string, unknown>>;
}

/** What cloud-init's own code makes of the user-data of an intent. */
function process(intent: SeedIntent): Processed {
  const [processed] = askPython("process_user_data.py", [userData(intent)]) as [Processed];
  return processed;
}

test("cloud-init reads what the lab declares, byte by byte", () => {
  const { parts, config, users } = process(fullIntent);
  expect(parts.map(({ type }) => type)).toEqual(["text/cloud-config"]);
  expect(config).toMatchObject({ packages: fullIntent.packages, runcmd: fullIntent.runCmd, write_files: fullIntent.writeFiles });
  expect(users).toMatchObject({
    admin: { ssh_authorized_keys: [loginKey], sudo: "ALL=(ALL) NOPASSWD:ALL", lock_passwd: true, default: false },
    debian: { default: true },
  });
});

test("lists are ours followed by the user's, and of two values the user's stays", () => {
  const theirs = [
    "#cloud-config",
    "packages: [htop]",
    "runcmd: [echo theirs]",
    "write_files: [{path: /theirs, content: theirs}]",
    "users: [{name: bob}]",
    "ssh_authorized_keys: [ssh-ed25519 AAAA theirs]",
    "ssh_deletekeys: false",
    "ssh_keys: {ed25519_public: theirs}",
    "timezone: Europe/Berlin",
  ].join("\n");
  const { config, users } = process({ ...fullIntent, userData: theirs });
  expect(config).toMatchObject({
    packages: [...fullIntent.packages, "htop"],
    runcmd: [...fullIntent.runCmd, "echo theirs"],
    write_files: [...fullIntent.writeFiles, { path: "/theirs", content: "theirs" }],
    ssh_authorized_keys: [loginKey, "ssh-ed25519 AAAA theirs"],
    ssh_deletekeys: false,
    ssh_keys: { ed25519_public: "theirs", ed25519_private: fullIntent.hostKeys[0]?.privateKey },
    timezone: "Europe/Berlin",
  });
  expect(Object.keys(users).sort()).toEqual(["admin", "bob", "debian"]);
});

test("the login user keeps both sides' keys where the user's text names it, too", () => {
  const theirs = "#cloud-config\nusers: [{name: admin, shell: /bin/zsh, groups: docker, ssh_authorized_keys: [theirs]}]\n";
  const { users } = process({ ...bareIntent, user: "admin", authorizedKeys: [loginKey], userData: theirs });
  expect(users["admin"]).toEqual({
    ssh_authorized_keys: [loginKey, "theirs"],
    sudo: "ALL=(ALL) NOPASSWD:ALL",
    shell: "/bin/zsh",
    groups: "docker",
    lock_passwd: true,
    default: false,
  });
  expect(users).toHaveProperty("debian");
});

test("a login user of the same name as the image's own gets the keys", () => {
  const { users } = process({ ...bareIntent, user: "debian", authorizedKeys: [loginKey] });
  expect(users).toMatchObject({ debian: { default: true, ssh_authorized_keys: [loginKey] } });
});

test.each([
  ["script", "#!/bin/sh\r\necho grüße\n", "text/x-shellscript"],
  ["boothook", "#cloud-boothook\n#!/bin/sh\necho\n", "text/cloud-boothook"],
  ["part handler", "#part-handler\ndef list_types(): return []\n", "text/part-handler"],
  ["jinja template", "## template: jinja\n#cloud-config\nruncmd: ['{{ v1.instance_id }}']\n", "text/jinja2"],
])("a %s of the user's stands beside our part, unchanged", (_kind, theirs, type) => {
  const { parts, config } = process({ ...fullIntent, userData: theirs });
  expect(parts.map((part) => part.type)).toEqual([type, "text/cloud-config"]);
  expect(parts[0]?.content).toBe(theirs);
  expect(config).toMatchObject({ packages: fullIntent.packages });
});

test("an archive of the user's merges like cloud-config", () => {
  const theirs = '#cloud-config-archive\n- type: text/cloud-config\n  content: "packages: [htop]"\n- "#!/bin/sh"\n';
  const { parts, config } = process({ ...bareIntent, packages: ["curl"], userData: theirs });
  expect(parts.map(({ type }) => type)).toEqual(["text/cloud-config", "text/x-shellscript", "text/cloud-config"]);
  expect(config).toMatchObject({ packages: ["curl", "htop"] });
});

test("a patch of the user's changes the merged whole", () => {
  const theirs = '#cloud-config-jsonp\n[{"op": "add", "path": "/packages/-", "value": "htop"}]\n';
  expect(process({ ...bareIntent, packages: ["curl"], userData: theirs }).config).toMatchObject({ packages: ["curl", "htop"] });
});

test("a message of the user's keeps its parts and their merge types", () => {
  const theirs = [
    'Content-Type: multipart/mixed; boundary="theirs"',
    "MIME-Version: 1.0",
    "",
    "--theirs",
    "Content-Type: text/cloud-config",
    "",
    "packages: [one]",
    "--theirs",
    "Content-Type: text/cloud-config",
    "Merge-Type: list(append)+dict(recurse_array)+str()",
    "",
    "packages: [two]",
    "--theirs",
    "Content-Type: text/x-shellscript",
    "Content-Transfer-Encoding: base64",
    "",
    Buffer.from("#!/bin/sh\necho ü\n").toString("base64"),
    "--theirs--",
    "",
  ].join("\n");
  for (const text of [theirs, theirs.replaceAll("\n", "\r\n")]) {
    const { parts, config } = process({ ...bareIntent, packages: ["curl"], userData: text });
    expect(parts.map(({ type }) => type)).toEqual(["text/cloud-config", "text/cloud-config", "text/x-shellscript", "text/cloud-config"]);
    expect(parts[2]?.content).toBe("#!/bin/sh\necho ü\n");
    expect(config).toMatchObject({ packages: ["curl", "one", "two"] });
  }
});

test("packed user-data is merged like any other", () => {
  const theirs = gzipSync("#cloud-config\npackages: [htop]\n").toString("base64");
  expect(process({ ...bareIntent, packages: ["curl"], userData: theirs }).config).toMatchObject({ packages: ["curl", "htop"] });
});

test("a script that prints a message of its own is still a script", () => {
  const script = '#!/bin/sh\nprintf "MIME-Version: 1.0\\nContent-Type: text/plain\\n"\n';
  const { parts } = process({ ...bareIntent, userData: script });
  expect(parts).toMatchObject([{ type: "text/x-shellscript", content: script }]);
});

test("a key that the user leaves empty stays empty: lists have nothing to join", () => {
  expect(process({ ...bareIntent, packages: ["curl"], userData: "#cloud-config\npackages:\n" }).config).toEqual({ packages: null });
});

test("of several parts lists follow one another after ours, of two values the first stays, and scripts keep their order", () => {
  const theirs = [
    "#cloud-config\npackages: [one]\ntimezone: Europe/Berlin\nntp: {enabled: true, servers: [a]}\nusers: [{name: admin, ssh_authorized_keys: [first]}]\n",
    "#!/bin/sh\necho 1\n",
    "#cloud-config\npackages: [two]\ntimezone: Europe/Paris\nntp: {servers: [b], pools: [c]}\nusers: [{name: admin, ssh_authorized_keys: [second]}]\n",
    "#!/bin/sh\necho 2\n",
    '#cloud-config-jsonp\n[{"op": "add", "path": "/packages/-", "value": "patched"}]\n',
  ];
  const { parts, config, users } = process({
    ...bareIntent,
    user: "admin",
    authorizedKeys: [loginKey],
    packages: ["curl"],
    userData: theirs,
  });
  expect(parts.map(({ type }) => type)).toEqual([
    "text/cloud-config",
    "text/x-shellscript",
    "text/cloud-config",
    "text/x-shellscript",
    "text/cloud-config",
    "text/cloud-config-jsonp",
  ]);
  expect(parts.map(({ filename }) => filename).sort()).toEqual([
    "terrarium",
    "user-data-001",
    "user-data-002",
    "user-data-003",
    "user-data-004",
    "user-data-005",
  ]);
  expect(config).toMatchObject({
    packages: ["curl", "one", "two", "patched"],
    timezone: "Europe/Berlin",
    ntp: { enabled: true, servers: ["a", "b"], pools: ["c"] },
  });
  expect(users["admin"]).toMatchObject({ ssh_authorized_keys: [loginKey, "first"] });
});

test("own vendor-data wins over our defaults, and keeps what it does not name", () => {
  const theirs = "#cloud-config\nlocale: de_DE.UTF-8\npackages: [agent]\nupdates: {network: {when: [boot-new-instance]}}\n";
  const [{ config }] = askPython("process_user_data.py", [vendorData({ ...bareIntent, vendorData: theirs })]) as [Processed];
  expect(config).toEqual({
    locale: "de_DE.UTF-8",
    packages: ["agent"],
    updates: { network: { when: ["boot", "boot-new-instance"] } },
    manage_etc_hosts: "localhost",
    ssh_pwauth: false,
  });
});
