import { mkdir, readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { makeLabRunner, type LabRunner, type Run } from "../../../fixtures/lab-runner.ts";
import { poolsDirectory } from "../../../fixtures/leftovers.ts";
import { secretEnvironment } from "./lab.ts";
import { filesBelow, marksIn } from "./marks.ts";

/** Everything that can be made to talk, does. */
const talkative = { TF_LOG: "TRACE", NODE_DEBUG: "execa", LIBVIRT_DEBUG: "1" };

/** Written by Terrarium as copies of the lab, for their owner only, or given away by choice (`synth --out`, saved plans): what the lab's author has written stands there. */
const copiesOfTheLab =
  /^\/lab\/(?:lab\.yaml|literal\.yaml|.*\.plan|out\/|cdktf\.out\/.*\/terrarium\.lab\.json|\.terrarium\/[^/]+\/(?:appl(?:ied|ying)\.json|terraform\/terrarium\.lab\.json))/;

export interface RunOptions {
  /** False: the command shows the lab, with what its author has written. @default true */
  readonly literals?: boolean;
  /** Also as people run it. @default false: with `--json` and all logs only */
  readonly plain?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** A folder with the lab of secrets, and all that is looked at for marks. */
export interface SecretScene {
  readonly labs: LabRunner;
  readonly environment: Readonly<Record<string, string>>;
  /** Runs a command with `--json` and all logs, and looks at what it printed. @returns that run */
  readonly run: (args: readonly string[], options?: RunOptions) => Promise<Run>;
  /** Marks that were printed, that stood in command lines of processes, and that are in files: but for seeds, which are for root only. */
  readonly found: () => Promise<string[]>;
  readonly end: () => void;
}

export async function makeScene(): Promise<SecretScene> {
  const labs = await makeLabRunner();
  await mkdir(labs.folder("tmp"));
  const environment = { ...secretEnvironment, TMPDIR: labs.folder("tmp") };
  const seen: string[] = [];
  const watcher = setInterval(() => void lookAtProcesses(seen), 250);

  const runAndLook = async (args: readonly string[], env: Readonly<Record<string, string>>, literals: boolean): Promise<Run> => {
    const done = await labs.run(args, { env: { ...environment, ...env } });
    for (const stream of ["stdout", "stderr"] as const) {
      seen.push(...marksIn(Buffer.from(done[stream]), { literals }).map((mark) => `${args.join(" ")}: ${stream}: ${mark}`));
    }
    return done;
  };

  return {
    labs,
    environment,
    run: async (args, { literals = true, plain = false, env = {} } = {}) => {
      if (plain) await runAndLook(args, env, literals);
      // What stands after `--` is the guest's.
      const own = args.indexOf("--") === -1 ? args.length : args.indexOf("--");
      return await runAndLook([...args.slice(0, own), "--json", ...args.slice(own)], { ...talkative, ...env }, literals);
    },
    found: async () => [...seen, ...(await marksInFiles(labs))],
    end: () => clearInterval(watcher),
  };
}

async function marksInFiles(labs: LabRunner): Promise<string[]> {
  const deployments = await labs.deployments();
  const pools = (await readdir(poolsDirectory)).filter((name) => deployments.some((id) => name.startsWith(id)));
  const found: string[] = [];
  for (const folder of [join(labs.directory, ".."), ...pools.map((name) => join(poolsDirectory, name))]) {
    for await (const { path, mode, bytes } of filesBelow(folder)) {
      if ((path.endsWith(".iso") && mode === 0o600) || path === join(labs.directory, "ca.pem")) continue;
      const literals = !copiesOfTheLab.test(path.slice(folder.length));
      found.push(...marksIn(bytes, { literals }).map((mark) => `${path} (${mode.toString(8)}): ${mark}`));
    }
  }
  return found;
}

async function lookAtProcesses(seen: string[]): Promise<void> {
  const processes = (await readdir("/proc")).filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
  // One that has ended by now has none.
  const lines = await Promise.all(processes.map((id) => readFile(`/proc/${id}/cmdline`).catch(() => Buffer.alloc(0))));
  seen.push(...marksIn(Buffer.concat(lines)).map((mark) => `process: ${mark}`));
}
