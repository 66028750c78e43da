import { expect, test } from "vitest";
import { mimeMultipart, type MimePart } from "../../lib/cloud-init/mime-multipart.ts";

const script: MimePart = { contentType: "text/x-shellscript", filename: "setup", content: "#!/bin/sh\necho hello\n" };

test("a message says its type, its version and then its parts", () => {
  const message = mimeMultipart([{ ...script, headers: { "Merge-Type": "list(append)" } }]);
  const boundary = /boundary="([^"]+)"/.exec(message)?.[1];
  expect(message).toBe(
    [
      `Content-Type: multipart/mixed; boundary="${boundary}"`,
      "MIME-Version: 1.0",
      "",
      `--${boundary}`,
      'Content-Type: text/x-shellscript; charset="utf-8"',
      "MIME-Version: 1.0",
      "Content-Transfer-Encoding: 7bit",
      'Content-Disposition: attachment; filename="setup"',
      "Merge-Type: list(append)",
      "",
      "#!/bin/sh",
      "echo hello",
      "",
      `--${boundary}--`,
      "",
    ].join("\n"),
  );
});

test("equal parts give equal bytes, and another byte gives another boundary", () => {
  expect(mimeMultipart([script])).toBe(mimeMultipart([{ ...script }]));
  expect(boundaryOf({ ...script, content: "#!/bin/bash\n" })).not.toBe(boundaryOf(script));
});

test.each([
  ["text beyond ASCII", "grüße"],
  ["a carriage return", "a\r\nb"],
  ["a NUL", "a\0b"],
  ["a line that is too long for mail", "x".repeat(999)],
  ["bytes", Uint8Array.of(0x1f, 0x8b)],
])("%s is sent as base64", (_what, content) => {
  expect(mimeMultipart([{ ...script, content }])).toContain("Content-Transfer-Encoding: base64\n");
});

test("base64 is broken into lines", () => {
  const message = mimeMultipart([{ ...script, content: "ä".repeat(500) }]);
  const body = message.split("\n\n")[2]?.split("\n") ?? [];
  expect(Math.max(...body.map((line) => line.length))).toBe(76);
  expect(Buffer.from(body.join(""), "base64").toString("utf8")).toBe("ä".repeat(500));
});

test.each([
  ["a header with a line break", { ...script, headers: { "Merge-Type": "a\nb: c" } }],
  ["a header name with a colon", { ...script, headers: { "a: b": "c" } }],
  ["a file name beyond ASCII", { ...script, filename: "ä" }],
  ["a content type with a line break", { ...script, contentType: "text/plain\n" }],
])("%s is refused", (_what, part) => {
  expect(() => mimeMultipart([part])).toThrow(RangeError);
});

function boundaryOf(part: MimePart): string | undefined {
  return /boundary="([^"]+)"/.exec(mimeMultipart([part]))?.[1];
}
