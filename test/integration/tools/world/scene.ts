import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Diagnostic } from "../../../../lib/diagnostics/diagnostic.ts";
import type { Lab } from "../../../../lib/lab/lab.ts";
import { checkWorld } from "../../../../lib/world/check-world.ts";
import { readWorld, type ReadWorldOptions } from "../../../../lib/world/read-world.ts";
import type { World } from "../../../../lib/world/world.ts";

const run = promisify(execFile);

/** A network namespace of its own with nothing in it, in which conflicts are made for real. */
export interface Scene {
  readonly namespace: string;
  /** Runs a program in it, as root. */
  readonly inside: (...command: readonly [string, ...string[]]) => Promise<string>;
  readonly read: (options?: Partial<ReadWorldOptions>) => Promise<World>;
  readonly check: (lab: Lab, options?: Partial<ReadWorldOptions>) => Promise<Diagnostic[]>;
  readonly remove: () => Promise<void>;
}

let count = 0;

export async function makeScene(): Promise<Scene> {
  const name = `trm-world-${process.pid}-${count++}`;
  const namespace = `/run/netns/${name}`;
  await run("ip", ["netns", "add", name]);
  await run("ip", ["-n", name, "link", "set", "lo", "up"]);
  const enter = ["nsenter", `--net=${namespace}`, "--"];
  const read = async (options: Partial<ReadWorldOptions> = {}): Promise<World> =>
    await readWorld({ host: "local", hypervisor: "kvm", namespace, listNetworks: async () => [], ...options });
  return {
    namespace,
    inside: async (...command) => {
      const [program = "", ...args] = [...enter, ...command];
      return (await run(program, args, { env: { ...process.env, LC_ALL: "C" } })).stdout;
    },
    read,
    check: async (lab, options) => checkWorld(lab, await read(options)),
    remove: async () => void (await run("ip", ["netns", "del", name])),
  };
}

/** A folder that stands for `/`, with these files in it. */
export async function withFiles<T>(files: Readonly<Record<string, string>>, work: (root: string) => Promise<T>): Promise<T> {
  const root = await mkdtemp(join(tmpdir(), "trm-root-"));
  try {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    }
    return await work(root);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
