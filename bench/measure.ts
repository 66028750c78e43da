import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** What one run of a program took, as a whole process. */
export interface Run {
  readonly seconds: number;
  /** Processor time of it and of all that it started and waited for: what other work on the machine changes least. */
  readonly processorSeconds: number;
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Peak resident memory in MiB of a Node program; 0 for others. */
  readonly memory: number;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a program to its end. Node programs tell their peak memory through a file, by a preloaded module. */
export async function measure(command: readonly [string, ...string[]], { cwd, env = process.env }: RunOptions = {}): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), "terrarium-bench-"));
  const report = join(folder, "memory");
  const preload = `data:text/javascript,import{writeFileSync}from"node:fs";process.on("exit",()=>writeFileSync(${JSON.stringify(report)},String(process.resourceUsage().maxRSS)))`;
  const [program, ...args] = command;
  const isNode = program === process.execPath;
  try {
    const [start, used] = [performance.now(), processorSecondsOfChildren()];
    const child = spawn(program, isNode ? ["--import", preload, ...args] : args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    const exitCode = await new Promise<number>((done, fail) => {
      child.once("error", fail);
      child.once("close", (code) => done(code ?? -1));
    });
    const seconds = (performance.now() - start) / 1000;
    const processorSeconds = processorSecondsOfChildren() - used;
    return { seconds, processorSeconds, exitCode, stdout, stderr, memory: isNode ? Number(readFileSync(report, "utf8")) / 1024 : 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Of all ended children, as the kernel counts it: proc_pid_stat(5), cutime and cstime in hundredths of a second. */
function processorSecondsOfChildren(): number {
  const text = readFileSync("/proc/self/stat", "utf8");
  // The second field, a name in parentheses, may have spaces.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

/** The run of median duration of several, the first one not counted. Fails if one of them failed. */
export async function medianRun(runs: number, command: readonly [string, ...string[]], options?: RunOptions): Promise<Run> {
  const all: Run[] = [];
  for (let index = 0; index <= runs; index++) {
    const run = await measure(command, options);
    if (run.exitCode !== 0) throw new Error(`${command.join(" ")} ended with ${run.exitCode}:\n${run.stderr}${run.stdout.slice(0, 2000)}`);
    if (index > 0) all.push(run);
  }
  const sorted = all.toSorted((a, b) => a.seconds - b.seconds);
  return sorted[Math.floor(sorted.length / 2)] as Run;
}

/** The built command. */
export const terrarium = [process.execPath, resolve(import.meta.dirname, "../dist/bin/terrarium.js")] as const;

export function sayMachine(title: string): void {
  console.log(`\n== ${title} ==\nmachine: ${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}, Node ${process.version}`);
}

/** One line of a result: what, how much, the goal, and whether it was met. */
export function say(what: string, value: number, unit: string, goal?: number): void {
  const verdict = goal === undefined ? "" : `   goal ${goal} ${unit}: ${value <= goal ? "met" : "MISSED"}`;
  console.log(`${what.padEnd(60)} ${value.toFixed(3)} ${unit}${verdict}`);
}

/** A lab file with that many sandboxes, a handful of keys each. */
export function labOf(sandboxes: number): string {
  const one = (index: number): string => `  box-${index}:
    image: debian
    cpus: 2
    memory: 512MiB
    disk: 10GiB
    networks: [front]
    labels: { role: web, number: "${index}" }
    cloudInit: { packages: [nginx], runCmd: ["systemctl enable nginx"] }
`;
  return `lab: bench
hosts: { local: { uri: embedded } }
images: { debian: { bootstrap: { suite: bookworm } } }
networks: { front: { cidr: 10.20.0.0/16, reserve: ${Math.max(32, sandboxes)} } }
sandboxes:
${Array.from({ length: sandboxes }, (_, index) => one(index)).join("")}`;
}
