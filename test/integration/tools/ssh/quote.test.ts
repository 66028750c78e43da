import { execa } from "execa";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { quoteForRemoteShell } from "../../../../lib/ssh/quote.ts";

const special = "'\"\\$`!*?[]{}()<>|&;#~=% \t\n\r\u001b-".split("");

/** Well-formed text without NUL, rich in what shells read. */
const argument = fc
  .array(fc.oneof(fc.constantFrom(...special), fc.string({ unit: "binary", maxLength: 3 })), {
    maxLength: 12,
  })
  .map((pieces) => pieces.join("").replaceAll("\0", ""));

test("a real shell gives back any arguments exactly", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(argument, { maxLength: 5 }), async (args) => {
      const command = quoteForRemoteShell(["printf", "%s\\0", ...args, "end"]);
      const { stdout } = await execa("/bin/sh", ["-c", command], { stripFinalNewline: false });
      expect(stdout.split("\0").slice(0, -1)).toEqual([...args, "end"]);
    }),
    { numRuns: 300 },
  );
});

test.each(["A=b", "-x", "if", "#"])("a real shell takes %s in first place for a program's name", async (name) => {
  const { exitCode, stderr } = await execa("/bin/sh", ["-c", quoteForRemoteShell([name])], { reject: false });
  expect(exitCode).toBe(127);
  expect(stderr).toContain(`${name}: not found`);
});
