import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { hostKeyPair, loginKeyPair, secretFingerprint } from "../../lib/ssh/deployment-secrets.ts";
import { DeploymentKey } from "../../lib/ssh/deployment-key.ts";
import { ed25519KeyPair } from "../../lib/ssh/key-pair.ts";
import { fixedKey } from "./keys.ts";

const otherKey = new DeploymentKey(new Uint8Array(32));

test("what a known deployment key gives is the same in every release", () => {
  expect(loginKeyPair(fixedKey).publicKey).toBe(
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGgIFCtFPvdvQw42xK2/asJog43mvyacZ/cTOu4iOV7a terrarium",
  );
  expect(hostKeyPair(fixedKey, "web-1").publicKey).toBe(
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMHH0ydgx0VCkRwIHRCfZmzxFR642mrnYLUjbw1vGPtV web-1",
  );
  expect(createHash("sha256").update(hostKeyPair(fixedKey, "web-1").privateKey).digest("hex")).toBe(
    "0a55e38ce87ae7302574c18bcccc93e4e318634c68a35255523437fcad9be4d4",
  );
  expect(secretFingerprint(fixedKey, ["one", "two"])).toBe("67017fd08419fe1e");
});

test("keys differ between sandboxes, purposes and deployments", () => {
  const keys = [
    loginKeyPair(fixedKey),
    loginKeyPair(otherKey),
    hostKeyPair(fixedKey, "web"),
    hostKeyPair(fixedKey, "web-1"),
    hostKeyPair(otherKey, "web"),
  ].map(({ publicKey }) => publicKey.split(" ")[1]);
  expect(new Set(keys).size).toBe(keys.length);
});

test("RFC 8032's first test vector gives its public key, and the private file holds both", () => {
  const seed = Buffer.from("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "hex");
  const point = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
  const { publicKey, privateKey } = ed25519KeyPair(seed, "rfc");
  expect(
    Buffer.from(publicKey.split(" ")[1] ?? "", "base64")
      .subarray(-32)
      .toString("hex"),
  ).toBe(point);
  expect(
    Buffer.from(privateKey.split("\n").slice(1, -2).join(""), "base64").includes(Buffer.concat([seed, Buffer.from(point, "hex")])),
  ).toBe(true);
});

test("a comment that would break the line is refused", () => {
  expect(() => ed25519KeyPair(new Uint8Array(32), "a\nssh-ed25519 AAAA")).toThrow(RangeError);
  expect(() => ed25519KeyPair(new Uint8Array(31), "a")).toThrow("32 bytes");
});

test("a fingerprint tells apart any two lists of secrets, also those that join to the same text", () => {
  fc.assert(
    fc.property(fc.array(fc.string()), fc.array(fc.string()), (one, two) => {
      const isEqual = JSON.stringify(one) === JSON.stringify(two);
      expect(secretFingerprint(fixedKey, one) === secretFingerprint(fixedKey, two)).toBe(isEqual);
    }),
  );
  expect(secretFingerprint(fixedKey, ["ab", "c"])).not.toBe(secretFingerprint(fixedKey, ["a", "bc"]));
  expect(secretFingerprint(fixedKey, ["ab"])).not.toBe(secretFingerprint(otherKey, ["ab"]));
  expect(secretFingerprint(fixedKey, ["é"])).toBe(secretFingerprint(fixedKey, [Buffer.from("é")]));
});
