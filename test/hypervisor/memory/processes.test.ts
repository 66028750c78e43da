import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { MemoryFault } from "../../../lib/hypervisor/memory/faults.ts";
import { withFileLock } from "../../../lib/hypervisor/memory/file-lock.ts";
import { memoryHypervisor } from "../../../lib/hypervisor/memory/memory-hypervisor.ts";
import { codeOf } from "../../fixtures/hypervisor-scene.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "memory-processes-"));
});
afterAll(async () => {
  await rm(directory, { recursive: true });
});

/** Runs a process that makes these sandboxes, and says how it ended. */
async function make(
  file: string,
  names: readonly string[],
  faults: readonly MemoryFault[] = [],
): Promise<{ readonly signal: string | null }> {
  const script = fileURLToPath(new URL("host-user.ts", import.meta.url));
  const env = { ...process.env, TERRARIUM_MEMORY_HOST: file, TERRARIUM_MEMORY_FAULTS: JSON.stringify(faults) };
  return await new Promise((resolve, reject) => {
    execFile(process.execPath, ["--import", "tsx", script, ...names], { env }, (error, _stdout, stderr) => {
      if (error && error.signal === null) reject(new Error(stderr));
      else resolve({ signal: error?.signal ?? null });
    });
  });
}

const namesOn = async (file: string): Promise<string[]> => (await memoryHypervisor({ file }).listSandboxes()).map(({ name }) => name);
/** Of locks and half-written files nothing stays. */
const besides = async (file: string): Promise<string[]> =>
  (await readdir(directory)).filter((name) => name.startsWith(basename(file)) && name !== basename(file));

test("several processes change one host at once, and nothing is lost", async () => {
  const file = join(directory, "shared.json");
  const names = Array.from({ length: 3 }, (_, part) => Array.from({ length: 20 }, (_, index) => `web-${part}-${index}`));
  await Promise.all(names.map((part) => make(file, part)));
  expect(await namesOn(file)).toEqual(names.flat().sort());
  expect(await besides(file)).toEqual([]);
});

test("a process that is killed in the middle leaves a host that others go on with", async () => {
  const file = join(directory, "killed.json");
  expect(await make(file, ["web"], [{ operation: "createSandbox", when: "midway", how: "kill" }])).toEqual({ signal: "SIGKILL" });
  const [half] = await memoryHypervisor({ file }).listSandboxes();
  expect(half).toMatchObject({ name: "web" });
  expect(await codeOf(memoryHypervisor({ file }).start(half?.id ?? ""))).toBe("DEFINITION_REFUSED");
  expect(await make(file, ["web"])).toEqual({ signal: null });
  expect(await memoryHypervisor({ file }).listSandboxes()).toMatchObject([{ id: half?.id }]);
  await memoryHypervisor({ file }).start(half?.id ?? "");
});

test("the lock of a process that has ended is taken over by one of those that wait", async () => {
  const file = join(directory, "dead.json");
  // Beyond the kernel's largest process id.
  await writeFile(`${file}.lock`, "4999999");
  let inside = 0;
  const most: number[] = [];
  const work = async (): Promise<void> => {
    inside += 1;
    most.push(inside);
    await new Promise((resolve) => setImmediate(resolve));
    inside -= 1;
  };
  await Promise.all(Array.from({ length: 20 }, () => withFileLock(file, work)));
  expect(most).toEqual(Array.from({ length: 20 }, () => 1));
  expect(await besides(file)).toEqual([]);
});

test("who waits too long for a lock is told who has it", async () => {
  const file = join(directory, "held.json");
  await withFileLock(file, async () => {
    expect(await codeOf(withFileLock(file, async () => {}, 20))).toBe("HOST_BUSY");
  });
  await withFileLock(file, async () => {});
});
