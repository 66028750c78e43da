import { createHmac } from "node:crypto";
import { inspect } from "node:util";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { DeploymentKey, generateDeploymentKey, parseDeploymentKey } from "../../lib/ssh/deployment-key.ts";
import { fixedKey } from "./keys.ts";

test("a key's text is 43 characters and reads back as the same key", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
      const text = new DeploymentKey(bytes).reveal();
      expect(text).toMatch(/^[A-Za-z0-9_-]{43}$/);
      const { value, diagnostics } = parseDeploymentKey(`${text}\n`);
      expect(diagnostics).toEqual([]);
      expect(value?.reveal()).toBe(text);
    }),
  );
});

test("two new keys differ", () => {
  expect(generateDeploymentKey().reveal()).not.toBe(generateDeploymentKey().reveal());
});

test("a key shows itself in no log, message or document", () => {
  const text = fixedKey.reveal();
  const shown = [
    inspect(fixedKey),
    inspect({ a: [fixedKey] }, { showHidden: true, depth: 9 }),
    String(fixedKey),
    JSON.stringify({ fixedKey }),
  ];
  for (const one of shown) {
    expect(one).toContain("[deployment key]");
    expect(one).not.toContain(text);
  }
});

test.each([
  ["nothing", ""],
  ["a short key", fixedKey.reveal().slice(1)],
  ["a long key", `${fixedKey.reveal()}A`],
  ["a character of ordinary base64", `+${fixedKey.reveal().slice(1)}`],
  ["another spelling of the same bytes", `${fixedKey.reveal().slice(0, -1)}9`],
])("%s is refused in words that name its source and not its text", (_, text) => {
  const { value, diagnostics } = parseDeploymentKey(text, "TERRARIUM_KEY");
  expect(value).toBeUndefined();
  expect(diagnostics).toMatchObject([{ code: "DEPLOYMENT_KEY_INVALID", severity: "error" }]);
  expect(diagnostics[0]?.summary).toContain("TERRARIUM_KEY");
  expect(text !== "" && JSON.stringify(diagnostics).includes(text)).toBe(false);
});

const hmac = (key: Uint8Array, ...data: (string | Uint8Array)[]): Buffer =>
  data.reduce((mac, part) => mac.update(part), createHmac("sha256", key)).digest();

test("derived bytes are RFC 5869's HKDF-SHA256 without salt, with the version and the purpose as info", () => {
  const extracted = hmac(
    Buffer.alloc(32),
    Uint8Array.from({ length: 32 }, (_, index) => index),
  );
  expect(fixedKey.derive("ssh-host/web", 32)).toEqual(hmac(extracted, "terrarium/1/ssh-host/web", Uint8Array.of(1)));
});
