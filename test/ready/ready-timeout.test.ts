import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readyTimeout } from "../../lib/ready/ready-timeout.ts";

const timeouts = {};

test.each([
  [{}, "kvm", "5m"],
  [{}, "tcg", "15m"],
  [{ IP_DISCOVERY_TIMEOUT: "" }, "kvm", "5m"],
  [{ IP_DISCOVERY_TIMEOUT: "2m" }, "tcg", "2m"],
  [{ IP_DISCOVERY_TIMEOUT: "120" }, "kvm", "2m"],
  [{ IP_DISCOVERY_TIMEOUT: " 1m30s " }, "kvm", "90s"],
] as const)("with %o under %s a sandbox has %s", (env, accelerator, expected) => {
  expect(String(readyTimeout({ timeouts }, accelerator, env).value)).toBe(expected);
});

test("what the lab says wins, even over a variable that is wrong", () => {
  expect(readyTimeout({ timeouts: { ready: 7000 } }, "tcg", { IP_DISCOVERY_TIMEOUT: "soon" }).value?.milliseconds).toBe(7000);
});

test.each(["0", "0s", "-5", "5 minutes", "1.5m", "∞"])("IP_DISCOVERY_TIMEOUT=%s is refused, with what was expected", (text) => {
  expect(readyTimeout({ timeouts }, "kvm", { IP_DISCOVERY_TIMEOUT: text })).toMatchObject({
    diagnostics: [{ code: "BAD_DURATION", summary: expect.stringContaining(JSON.stringify(text)) }],
  });
});

test("any text gives either a time longer than 0 or a diagnostic", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const { value, diagnostics } = readyTimeout({ timeouts }, "kvm", { IP_DISCOVERY_TIMEOUT: text });
      expect((value?.milliseconds ?? 0) > 0).toBe(diagnostics.length === 0);
    }),
  );
});
