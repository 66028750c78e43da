import * as fc from "fast-check";
import { expect, test } from "vitest";
import { redactor } from "../../lib/deploy/redactor.ts";

const secret = `pa ss/wörd&"+'<x>`;
const redact = redactor([
  [secret, "${env:A}"],
  ["-----BEGIN X-----\nfirst line\nsecond line\n", "${file:./x}"],
  ["4821", "${env:PIN}"],
  ["abc", "${env:SHORT}"],
]);

test.each([
  ["as it is", secret],
  ["in JSON", JSON.stringify({ secret }).slice(11, -2)],
  ["in a shell's quotes", secret.replaceAll("'", String.raw`'\''`)],
  ["URL-encoded", encodeURIComponent(secret)],
  ["in a form", encodeURIComponent(secret).replaceAll("%20", "+")],
  ["hexadecimal", Buffer.from(secret).toString("hex")],
  ["split by a console", `${secret.slice(0, 5)}\r\n${secret.slice(5)}`],
  ["URL-encoded and split", encodeURIComponent(secret).replaceAll(/.{7}/g, "$&\n")],
])("a secret is redacted %s", (_form, text) => {
  expect(redact(`before ${text} after`)).toBe("before ${env:A} after");
});

test("a secret is redacted in base64, wherever it stands in what was encoded, also in lines", () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[a-z =]{0,12}$/),
      fc.stringMatching(/^[a-z =]{0,12}$/),
      fc.integer({ min: 4, max: 76 }),
      (before, after, width) => {
        const encoded = Buffer.from(before + secret + after).toString("base64");
        const redacted = redact(`x: ${encoded.replaceAll(new RegExp(`.{${width}}`, "g"), "$&\n")}`);
        expect(redacted).toContain("${env:A}");
        // At most the characters at its ends, which hold some of its bits, are left.
        expect(redacted.replaceAll(/\s/g, "").length).toBeLessThanOrEqual(
          2 + encoded.length - Math.floor((Buffer.byteLength(secret) * 8) / 6) + 1 + 8,
        );
      },
    ),
  );
});

test("a file's secret is redacted line by line, too", () => {
  expect(redact("x: first line\nsecond line")).toBe("x: ${file:./x}\n${file:./x}");
});

test("a short secret is redacted where it stands whole, one of three characters not at all", () => {
  expect(redact("pin 4821, 48 21, abc")).toBe("pin ${env:PIN}, 48 21, abc");
});

test("a private key is redacted, whoever's it is", () => {
  const key = "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----";
  expect(redact(`key: ${key}\nand ${JSON.stringify(key)}`)).toBe('key: ***private key***\nand "***private key***"');
});

test("of secrets within another one the longer is named", () => {
  expect(
    redactor([
      ["hunter22", "${env:A}"],
      ["my hunter22 here", "${env:B}"],
    ])("say my hunter22 here"),
  ).toBe("say ${env:B}");
});

test("without secrets a text stays as it is", () => {
  const redactNothing = redactor([]);
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(redactNothing(text)).toBe(text);
    }),
  );
});
