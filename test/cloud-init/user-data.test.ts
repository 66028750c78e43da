import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { userData } from "../../lib/cloud-init/user-data.ts";
import { bareIntent, fullIntent, loginKey } from "./intents.ts";

const readBack = (text: string): unknown => parse(text, { version: "1.1" });

test("what the lab declares alone is one plain cloud-config", () => {
  const text = userData(fullIntent);
  expect(text.startsWith("#cloud-config\n{")).toBe(true);
  expect(readBack(text)).toEqual({
    users: [
      "default",
      { name: "admin", sudo: "ALL=(ALL) NOPASSWD:ALL", shell: "/bin/bash", lock_passwd: true, ssh_authorized_keys: [loginKey] },
    ],
    ssh_authorized_keys: [loginKey],
    ssh_deletekeys: true,
    ssh_genkeytypes: ["ed25519"],
    ssh_keys: { ed25519_private: fullIntent.hostKeys[0]?.privateKey, ed25519_public: fullIntent.hostKeys[0]?.publicKey },
    packages: fullIntent.packages,
    write_files: fullIntent.writeFiles,
    runcmd: fullIntent.runCmd,
  });
});

test("an intent that asks for nothing is an empty cloud-config", () => {
  expect(userData(bareIntent)).toBe("#cloud-config\n{}\n");
});

test.each([
  "#cloud-config\npackages: [nginx]\n",
  "#!/bin/sh\necho ü\r\n",
  "Content-Type: multipart/mixed; boundary=x\nMIME-Version: 1.0\n\n--x--\n",
])("the user's own text alone is written as it is: %j", (text) => {
  expect(userData({ ...bareIntent, userData: text })).toBe(text);
});

test("a user's text that only speaks of a MIME version is wrapped, lest cloud-init take it for a message", () => {
  const script = '#!/bin/sh\nprintf "MIME-Version: 1.0\\n"\n';
  const text = userData({ ...bareIntent, userData: script });
  expect(text).toMatch(/^Content-Type: multipart\/mixed/);
  expect(text).toContain(`\n\n${script}\n--`);
});

test("so is the lab's own part", () => {
  const writeFiles = [{ path: "/a", content: "mime-version: 1.0" }];
  expect(userData({ ...bareIntent, writeFiles })).toMatch(/^Content-Type: multipart\/mixed/);
});

test("both together are a message: the user's part first, ours told to give way", () => {
  const text = userData({ ...bareIntent, packages: ["curl"], userData: "#!/bin/sh\necho\n" });
  const types = [...text.matchAll(/^Content-Type: ([\w/-]+)/gm)].map((match) => match[1]);
  expect(types).toEqual(["multipart/mixed", "text/x-shellscript", "text/cloud-config"]);
  expect(text).toContain("Merge-Type: list(prepend)+dict(no_replace,recurse_list)+str()\n");
});

test("a user's patch is applied after our part", () => {
  const text = userData({ ...bareIntent, packages: ["curl"], userData: "#cloud-config-jsonp\n[]\n" });
  expect(text.indexOf("text/cloud-config-jsonp")).toBeGreaterThan(text.indexOf("text/cloud-config;"));
});

test("a user's message is nested whole", () => {
  const message =
    'Content-Type: multipart/mixed; boundary="x"\nMIME-Version: 1.0\n\n--x\nContent-Type: text/x-shellscript\n\n#!/bin/sh\n--x--\n';
  expect(userData({ ...bareIntent, packages: ["curl"], userData: message })).toContain(message);
});

test("packed text is unpacked", () => {
  const packed = gzipSync("#!/bin/sh\necho\n").toString("base64");
  expect(userData({ ...bareIntent, userData: packed })).toBe("#!/bin/sh\necho\n");
});

test("blank user-data counts as none", () => {
  expect(userData({ ...bareIntent, packages: ["curl"], userData: " \n" })).toBe(userData({ ...bareIntent, packages: ["curl"] }));
});

test("user-data that cloud-init would ignore is never written", () => {
  expect(() => userData({ ...bareIntent, userData: "packages: []\n" })).toThrow(RangeError);
  expect(() => userData({ ...bareIntent, userData: "H4sIAAAA" })).toThrow(RangeError);
});

test("an entry of the user's for the login user is completed, not doubled", () => {
  const theirs = "#cloud-config\nusers:\n  - name: admin\n    shell: /bin/zsh\n    groups: docker\n    ssh-authorized-keys: [theirs]\n";
  const text = userData({ ...bareIntent, user: "admin", authorizedKeys: [loginKey], userData: theirs });
  const [, ours = ""] = text.split("Merge-Type:");
  expect(readBack(ours.slice(ours.indexOf("{"), ours.lastIndexOf("}") + 1))).toMatchObject({
    users: [
      "default",
      {
        name: "admin",
        sudo: "ALL=(ALL) NOPASSWD:ALL",
        shell: "/bin/zsh",
        groups: "docker",
        lock_passwd: true,
        ssh_authorized_keys: [loginKey, "theirs"],
      },
    ],
  });
});

test("root as login user is not locked and not kept from logging in", () => {
  expect(readBack(userData({ ...bareIntent, user: "root", authorizedKeys: [loginKey] }))).toEqual({
    users: ["default", { name: "root", ssh_authorized_keys: [loginKey] }],
    disable_root: false,
    ssh_authorized_keys: [loginKey],
  });
});

test("without a login user the keys are for the image's own user", () => {
  expect(readBack(userData({ ...bareIntent, authorizedKeys: [loginKey] }))).toEqual({
    users: ["default"],
    ssh_authorized_keys: [loginKey],
  });
});
