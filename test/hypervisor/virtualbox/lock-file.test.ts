import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { withLockFile } from "../../../lib/hypervisor/virtualbox/lock-file.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lock-file-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

test("one works at a time, and nothing stays", async () => {
  let inside = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    inside += 1;
    most = Math.max(most, inside);
    await new Promise((resolve) => setImmediate(resolve));
    inside -= 1;
  };
  await Promise.all(Array.from({ length: 10 }, () => withLockFile(join(folder, "a"), work)));
  expect(most).toBe(1);
  expect(await readdir(folder)).toEqual([]);
});

test("work that fails frees the lock", async () => {
  await expect(withLockFile(join(folder, "a"), () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await withLockFile(join(folder, "a"), () => Promise.resolve(1))).toBe(1);
});

test("the lock of a process that is no more is taken over, by one of many", async () => {
  const { pid } = spawnSync("true");
  await writeFile(join(folder, "a"), `${pid} 0123456789abcdef`);
  let inside = 0;
  const results = await Promise.all(
    Array.from({ length: 8 }, () =>
      withLockFile(join(folder, "a"), async () => {
        inside += 1;
        const seen = inside;
        await new Promise((resolve) => setImmediate(resolve));
        inside -= 1;
        return seen;
      }),
    ),
  );
  expect(results).toEqual(Array.from({ length: 8 }, () => 1));
});

test("the lock of a living process is waited for, and not for ever", async () => {
  await writeFile(join(folder, "a"), `${process.ppid} 0123456789abcdef`);
  await expect(withLockFile(join(folder, "a"), () => Promise.resolve(1), 50)).rejects.toThrow(/STILL_RUNNING/);
});
