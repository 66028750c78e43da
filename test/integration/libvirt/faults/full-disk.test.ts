import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { mkdir } from "node:fs/promises";
import { providers, whyNoLabs, type LabRunner } from "../../../fixtures/lab-runner.ts";
import { nothingLeft } from "../../../fixtures/leftovers.ts";
import { runProgram } from "../../../../lib/hypervisor/program.ts";
import { faultLab, withLabs } from "./labs.ts";

const full = (process.env["TERRARIUM_TEST_FULL"] ?? "") !== "";
const missing = { libvirt: await whyNoLabs("libvirt"), terrarium: await whyNoLabs("terrarium") };
const pools = "/var/lib/terrarium/pools";

/** A mount namespace in which a directory is a small file system of its own; it is gone with `end`. */
interface SmallDisk {
  readonly prefix: readonly string[];
  readonly resize: (size: string) => Promise<void>;
  readonly end: () => Promise<void>;
}

async function makeSmallDisk(directory: string, size: string, cwd: string): Promise<SmallDisk> {
  await mkdir(directory, { recursive: true });
  const script = 'mount -t tmpfs -o mode=711,size="$2" tmpfs "$1" && echo ready && exec cat';
  const holder: ChildProcess = spawn("unshare", ["--mount", "--propagation", "private", "sh", "-c", script, "sh", directory, size], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  if (!holder.stdout || !holder.stdin) throw new Error("Expected pipes");
  const { stdin } = holder;
  await once(holder.stdout, "data");
  // Its own `--wd` would name a directory of the mount namespace that it came from.
  const enter = ["nsenter", `--target=${holder.pid}`, "--mount", "sh", "-c", 'cd "$0" && exec "$@"', cwd];
  return {
    prefix: enter,
    resize: async (wanted) => {
      const [program, ...args] = [...enter, "mount", "-o", `remount,size=${wanted}`, directory];
      expect(await runProgram(program, args)).toMatchObject({ exitCode: 0 });
    },
    end: async () => {
      const ended = once(holder, "close");
      stdin.end();
      await ended;
    },
  };
}

/** Each failure is one error that says what to do, and no bug of ours. */
function expectFull({ exitCode, stderr }: { exitCode: number | undefined; stderr: string }): void {
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/error (DISK_FULL|SYSTEM_REFUSED)/);
  expect(stderr.match(/^.*error [A-Z_]+:/gm)).toHaveLength(1);
}

async function onSmallDisk(labs: LabRunner, directory: string, size: string, work: (disk: SmallDisk) => Promise<void>): Promise<void> {
  const disk = await makeSmallDisk(directory, size, labs.directory);
  try {
    await work(disk);
  } finally {
    await labs.run(["destroy", "--yes"], { prefix: disk.prefix });
    await disk.end();
  }
}

describe.each(providers)("a full disk with the provider %s", (provider) => {
  // The state is full before the provider is asked for anything.
  test.skipIf(missing[provider] ?? (!full && provider !== "libvirt"))(
    "for the state is told before anything is made, and leaves nothing",
    async () => {
      const left = await withLabs(async (labs) => {
        await labs.write(await faultLab({ sandboxes: { one: {} }, provider }));
        await onSmallDisk(labs, `${labs.directory}/.terrarium`, "8k", async ({ prefix, resize }) => {
          expectFull(await labs.run(["apply", "--yes"], { prefix }));
          await resize("20m");
          expectFull(await labs.run(["apply", "--yes"], { prefix }));
          expect(await labs.count()).toEqual(nothingLeft);
        });
      });
      expect(left).toEqual(nothingLeft);
    },
  );

  test.skipIf(missing[provider])(
    "for the sandboxes' disks is told, and the next apply goes on when there is room",
    { timeout: 1_800_000 },
    async () => {
      const left = await withLabs(async (labs) => {
        await labs.write(await faultLab({ sandboxes: { one: {} }, provider }));
        await onSmallDisk(labs, pools, "96k", async ({ prefix, resize }) => {
          const full = await labs.run(["apply", "--yes"], { prefix });
          expect(full).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/No space left/i) });
          await resize("200m");
          expect(await labs.run(["apply", "--yes"], { prefix })).toMatchObject({ exitCode: 0 });
          expect(await labs.run(["destroy", "--yes"], { prefix })).toMatchObject({ exitCode: 0 });
        });
        expect(await labs.count()).toEqual(nothingLeft);
      });
      expect(left).toEqual(nothingLeft);
    },
  );
});
