import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { CommandContext } from "../../lib/cli/context.ts";
import { createProgram } from "../../lib/cli/program.ts";

/** What a command line came to. */
export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder of the test's own, removed after it. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "terrarium-cli-"));
  onTestFinished(async () => await rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs `terrarium …` in a folder, without a process and without a terminal. */
export async function runTerrarium(cwd: string, argv: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const written = { stdout: "", stderr: "" };
  const context: CommandContext = {
    cwd,
    env: { TERRARIUM_CACHE: join(cwd, ".cache"), ...env },
    // Not a terminal; no command of these tests reads from it.
    stdin: process.stdin,
    stdout: { write: (text) => (written.stdout += text) },
    stderr: { write: (text) => (written.stderr += text) },
  };
  const exitCode = await createProgram(context).run(argv);
  return { exitCode, ...written };
}

/** A lab that needs nothing beside itself. */
export const smallLab = `lab: demo
images:
  debian-12: { bootstrap: { suite: bookworm } }
networks:
  front: { cidr: 10.20.0.0/24 }
sandboxes:
  web: { count: 2, image: debian-12, networks: [front] }
  db: { image: debian-12, networks: [front] }
`;
