import { expect, test } from "vitest";
import { hostKeysFromConsole } from "../../lib/ssh/console-host-keys.ts";
import { hostKeyPair } from "../../lib/ssh/deployment-secrets.ts";
import { fixedKey } from "./keys.ts";

const bare = (sandbox: string): string => hostKeyPair(fixedKey, sandbox).publicKey.split(" ").slice(0, 2).join(" ");
const block = (...lines: readonly string[]): string =>
  ["-----BEGIN SSH HOST KEY KEYS-----", ...lines, "-----END SSH HOST KEY KEYS-----", ""].join("\r\n");
const ecdsa =
  "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBDWDkzFBKzB8qVtVFrB0W8dXNxcbCB+V4AhXkgyAZeM0m4vgR0TNoSEVwRGtJ8KLd2t+2hkEkd6R7RLHRRQsQwA=";

test("keys are read from between carriage returns, colours, comments and kernel messages", () => {
  const text = `\u001b[0;32m[  OK  ]\u001b[0m Reached target\r\n${block(
    `\u001b[1m${bare("a")} root@web\u001b[0m`,
    "[   12.345678] random: crng init done",
    `${ecdsa} root@web`,
  )}login: `;
  expect(hostKeysFromConsole(text)).toEqual([bare("a"), ecdsa]);
});

test("of two boots the last whole block counts, and one that is still being printed does not", () => {
  const twoBoots = block(bare("old")) + block(bare("new"));
  expect(hostKeysFromConsole(twoBoots)).toEqual([bare("new")]);
  expect(hostKeysFromConsole(`${twoBoots}-----BEGIN SSH HOST KEY KEYS-----\r\n${bare("next")}\r\n`)).toEqual([bare("new")]);
});

test("a prefix of the system log is no hindrance, and a key printed twice counts once", () => {
  expect(hostKeysFromConsole(block(`<14>Jan  1 00:00:00 cloud-init: ${bare("a")} x`, bare("a")))).toEqual([bare("a")]);
});

test("a key that is cut off, torn apart, of a wrong kind or forged in its type is left out", () => {
  const key = bare("a");
  const lines = [
    key.slice(0, -8),
    `${key.slice(0, 40)}[   1.0] usb 1-1: new device${key.slice(40)}`,
    key.replace("ssh-ed25519", "ssh-rsa"),
    "ssh-dss AAAAB3NzaC1kc3MAAAAA",
    "ssh-ed25519",
  ];
  expect(hostKeysFromConsole(block(...lines))).toEqual([]);
});

test("a console without a block has no keys", () => {
  expect(hostKeysFromConsole("")).toEqual([]);
  expect(hostKeysFromConsole(`-----END SSH HOST KEY KEYS-----\n${bare("a")}\n-----BEGIN SSH HOST KEY KEYS-----`)).toEqual([]);
});
