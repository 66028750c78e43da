import { expect, test } from "vitest";
import { quoteForRemoteShell } from "../../lib/ssh/quote.ts";

test("plain words stay as they are", () => {
  expect(quoteForRemoteShell(["ls", "-l", "/var/log", "a=b"])).toBe("ls -l /var/log a=b");
});

test("what a shell would read is quoted", () => {
  expect(quoteForRemoteShell(["echo", "", "a b", "it's", "$HOME", "*", "~", "#"])).toBe(`echo '' 'a b' 'it'\\''s' '$HOME' '*' '~' '#'`);
});

test("a program's name is no assignment, no option of the shell and no word of its language", () => {
  expect(quoteForRemoteShell(["if", "if"])).toBe("'if' if");
  expect(quoteForRemoteShell(["-x", "-x"])).toBe("'-x' -x");
  expect(quoteForRemoteShell(["A=b", "A=b"])).toBe("'A=b' A=b");
});

test("a NUL character, which no program can be given, is refused", () => {
  expect(() => quoteForRemoteShell(["a\0b"])).toThrow(RangeError);
});
