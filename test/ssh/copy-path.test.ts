import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseCopyPath } from "../../lib/ssh/copy-path.ts";

const sandboxes = ["web-1", "web-2", "db", "c"];

test.each([
  ["web-1:/etc/hosts", { sandbox: "web-1", path: "/etc/hosts" }],
  ["db:", { sandbox: "db", path: "" }],
  ["db:a:b", { sandbox: "db", path: "a:b" }],
  ["db:notes/x y", { sandbox: "db", path: "notes/x y" }],
  ["c:/data", { sandbox: "c", path: "/data" }],
  ["./x", { path: "./x" }],
  ["x", { path: "x" }],
  ["./db:x", { path: "./db:x" }],
  ["/tmp/db:x", { path: "/tmp/db:x" }],
  [String.raw`D:\files`, { path: String.raw`D:\files` }],
  ["D:/files", { path: "D:/files" }],
  ["..", { path: ".." }],
])("%s is read as %j", (text, value) => {
  expect(parseCopyPath(text, sandboxes)).toEqual({ value, diagnostics: [] });
});

test.each([
  ["web1:/x", "Did you mean web-1:/x? For a local file of that name write ./web1:/x"],
  ["bd:x", "Sandboxes are: web-1, web-2, db, c. For a local file of that name write ./bd:x"],
  ["mail:x", "Sandboxes are: web-1, web-2, db, c. For a local file of that name write ./mail:x"],
  ["root@db:/x", "Leave the user out, the lab names it: db:/x"],
  ["D:x", "Sandboxes are: web-1, web-2, db, c. For a local file of that name write ./D:x"],
])("%s names no sandbox, and what was meant is guessed", (text, nextStep) => {
  const { value, diagnostics } = parseCopyPath(text, sandboxes);
  expect(value).toBeUndefined();
  expect(diagnostics).toMatchObject([{ code: "COPY_UNKNOWN_SANDBOX", nextStep }]);
});

test.each(["", ":x", "db:a\nb", "a\0"])("%j is neither a path nor a sandbox's", (text) => {
  expect(parseCopyPath(text, sandboxes).diagnostics).toMatchObject([{ code: "COPY_PATH", severity: "error" }]);
});

test("any text is a path or an error, and ./ makes every one local", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (text) => {
      const { value, diagnostics } = parseCopyPath(text, sandboxes);
      expect(value === undefined).toBe(diagnostics.length > 0);
      const local = /\p{Cc}/u.test(text) ? undefined : { path: `./${text}` };
      expect(parseCopyPath(`./${text}`, sandboxes).value).toEqual(local);
    }),
  );
});
