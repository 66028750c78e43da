import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach } from "vitest";
import { findEngine } from "../../../../lib/terraform/engine.ts";
import { Terraform } from "../../../../lib/terraform/terraform.ts";

/** Builtin `terraform_data` only: needs no provider and no network. */
export type Configuration = Readonly<Record<string, unknown>>;

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

export function cleanUp(cleanup: () => Promise<void>): void {
  cleanups.push(cleanup);
}

/** A working directory with a configuration, removed after the test with every process that still works in it. */
export async function createDirectory(configuration?: Configuration): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "terrarium-terraform-"));
  cleanUp(async () => {
    for (const { pid } of await processesIn(directory)) process.kill(pid, "SIGKILL");
    await waitFor(async () => (await processesIn(directory)).length === 0);
    await rm(directory, { recursive: true, force: true });
  });
  if (configuration) await configure(directory, configuration);
  return directory;
}

export async function configure(directory: string, configuration: Configuration): Promise<void> {
  await writeFile(join(directory, "main.tf.json"), JSON.stringify(configuration));
}

export async function createTerraform(directory: string, env: NodeJS.ProcessEnv = process.env): Promise<Terraform> {
  return new Terraform({ engine: await findEngine(env), workingDirectory: directory, env });
}

/** A resource whose creation runs a shell command. */
export function provisioned(command: string, more: Configuration = {}): Configuration {
  return { ...more, provisioner: [{ "local-exec": { command } }] };
}

/** Waits until something is so, at most ten seconds; the test fails with its time limit's message otherwise. */
export async function waitFor(condition: () => Promise<boolean>): Promise<void> {
  const started = performance.now();
  while (!(await condition())) {
    if (performance.now() - started > 10_000) throw new Error("Waited ten seconds in vain");
    await delay(20);
  }
}

/** Living processes whose working directory this is: Terraform, its providers and provisioners. */
export async function processesIn(directory: string): Promise<{ readonly pid: number; readonly program: string }[]> {
  const { readlink } = await import("node:fs/promises");
  const found = await Promise.all(
    (await readdir("/proc"))
      .filter((name) => /^\d+$/.test(name))
      .map(async (pid) => {
        try {
          const [folder, commandLine] = await Promise.all([readlink(`/proc/${pid}/cwd`), readFile(`/proc/${pid}/cmdline`, "utf8")]);
          // A corpse that nobody has buried yet has no command line.
          return folder === directory && commandLine !== "" ? { pid: Number(pid), program: commandLine.split("\0")[0] ?? "" } : undefined;
        } catch (error) {
          if (error instanceof Error && "code" in error) return undefined;
          throw error;
        }
      }),
  );
  return found.filter((process) => process !== undefined);
}

export async function pidOf(directory: string, program: string): Promise<number | undefined> {
  return (await processesIn(directory)).find((process) => process.program.endsWith(program))?.pid;
}

/** Another Terrarium: a process of its own that applies in a directory, to be killed. Resolves when Terraform runs a provisioner. */
export async function startOwner(directory: string): Promise<ChildProcess> {
  const script = join(import.meta.dirname, "owner.ts");
  const child = spawn(process.execPath, ["--import", "tsx", script, directory], { stdio: ["ignore", "pipe", "inherit"] });
  cleanUp(async () => void child.kill("SIGKILL"));
  await new Promise<void>((resolve, reject) => {
    child.stdout.once("data", () => resolve());
    child.once("exit", () => reject(new Error("The owner ended before Terraform provisioned anything")));
  });
  return child;
}
