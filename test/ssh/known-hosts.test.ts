import { expect, test } from "vitest";
import { hostKeyPair } from "../../lib/ssh/deployment-secrets.ts";
import { hostKeyAlias, knownHostsFile, knownHostsLine } from "../../lib/ssh/known-hosts.ts";
import { publicKeyFingerprint } from "../../lib/ssh/public-key.ts";
import { fixedKey } from "./keys.ts";

const { publicKey } = hostKeyPair(fixedKey, "web");
const bare = publicKey.split(" ").slice(0, 2).join(" ");

test("a sandbox is known by an alias, so that its address may change", () => {
  expect(knownHostsLine(hostKeyAlias("web", "shop"), undefined, publicKey)).toBe(`web.shop.terrarium ${bare}`);
});

test("a port other than 22 stands in brackets with the host", () => {
  expect(knownHostsLine("10.0.0.5", 22, publicKey)).toBe(`10.0.0.5 ${bare}`);
  expect(knownHostsLine("127.0.0.1", 2222, publicKey)).toBe(`[127.0.0.1]:2222 ${bare}`);
  expect(knownHostsLine("fd00::5", 2222, publicKey)).toBe(`[fd00::5]:2222 ${bare}`);
});

test.each(["", "*", "a,b", "a b", "!a", "@revoked", "a\nb", "|1|x"])("the host %j, which would mean something else, is refused", (host) => {
  expect(() => knownHostsLine(host, undefined, publicKey)).toThrow(RangeError);
});

test("a text that is no key is refused", () => {
  expect(() => knownHostsLine("web", undefined, "ssh-ed25519 AAAA")).toThrow(RangeError);
  expect(() => publicKeyFingerprint("nothing")).toThrow(RangeError);
});

test("a file is the same in whatever order its hosts come, each line once", () => {
  const entries = ["b", "a", "b"].map((host) => ({ host, publicKey }));
  expect(knownHostsFile(entries)).toBe(`a ${bare}\nb ${bare}\n`);
  expect(knownHostsFile([])).toBe("");
});
