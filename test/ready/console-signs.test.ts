import * as fc from "fast-check";
import { expect, test } from "vitest";
import { consoleLines, consoleSign } from "../../lib/ready/console-signs.ts";

const lines = (text: string, last = 50): string[] => consoleLines(Buffer.from(text), last);

test("colours, carriage returns and blank lines go, the last lines stay", () => {
  expect(lines("one\r\n\r\n\u001b[1;32mtwo\u001b[0m\r\nthree\u0007\r\n", 2)).toEqual(["two", "three"]);
});

test("what moves the cursor begins another line, as firmware and boot loaders draw", () => {
  expect(lines("\u001bc\u001b[2J\u001b[1;1HSeaBIOS\u001b[3;1HNo bootable device.\u001b[m")).toEqual(["SeaBIOS", "No bootable device."]);
});

test.each([
  ["[    2.1] Kernel panic - not syncing: Attempted to kill init!", "panic"],
  ["No bootable device.", "noBootDisk"],
  ["Boot failed: not a bootable disk", "noBootDisk"],
  ["grub rescue> ", "bootLoader"],
  ["ALERT!  LABEL=rootfs does not exist.  Dropping to a shell!", "noRootDisk"],
  ["[ 2.0] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)", "noRootDisk"],
  ["You are in emergency mode. After logging in, type", "emergency"],
])("%s is recognised", (line, kind) => {
  expect(consoleSign(lines(`before\n${line}\nafter\n`))).toEqual({ kind, line: line.trim() });
});

test.each(["debian login: ", "[  OK  ] Reached target cloud-init.target", "grub menu", "see: kernel panic handling"])(
  "%s is no sign",
  (line) => {
    expect(consoleSign(lines(line))).toBeUndefined();
  },
);

test("a sign that forty other lines follow is past", () => {
  expect(consoleSign([...lines("Kernel panic - not syncing: x"), ...Array.from({ length: 40 }, () => "booting")])).toBeUndefined();
});

test("any bytes give at most the lines asked for, without control characters", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
      const found = consoleLines(bytes, 5);
      expect(found.length).toBeLessThanOrEqual(5);
      expect(found.every((line) => line !== "" && !/\p{Cc}/u.test(line))).toBe(true);
    }),
  );
});
