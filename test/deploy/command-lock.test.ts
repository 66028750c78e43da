import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { withCommandLock } from "../../lib/deploy/command-lock.ts";
import { createStateDirectory, type StateDirectory } from "../../lib/deploy/state-directory.ts";
import { DiagnosticError } from "../../lib/diagnostics/diagnostic-error.ts";

let directory: string;
let state: StateDirectory;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "command-lock-"));
  state = await createStateDirectory(directory, "demo");
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

test("a second command is told who works on the lab, and the first is not disturbed", async () => {
  const result = await withCommandLock(state, async () => {
    const second = await withCommandLock(state, async () => "worked").catch((error: unknown) => error);
    expect(second).toBeInstanceOf(DiagnosticError);
    expect((second as DiagnosticError).diagnostics).toMatchObject([
      { code: "STILL_RUNNING", summary: expect.stringContaining(`process ${process.pid}`) },
    ]);
    return "first";
  });
  expect(result).toBe("first");
  expect(await withCommandLock(state, async () => "next")).toBe("next");
  expect(await readdir(state.root)).not.toContain("lock");
});

test("the lock of a killed command is free, whatever its note says", async () => {
  const holder = spawn("flock", ["-o", state.root, "cat"], { stdio: ["pipe", "pipe", "ignore"] });
  holder.stdin.write("locked\n");
  await once(holder.stdout, "data");
  await writeFile(join(state.root, "lock"), String(process.pid));
  holder.stdin.destroy();
  expect(await withCommandLock(state, async () => "next")).toBe("next");
});
