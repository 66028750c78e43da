import { setTimeout as sleep } from "node:timers/promises";
import type { LabRunner, Run } from "../../../fixtures/lab-runner.ts";
import type { Point } from "./points.ts";
import { inState, textOf, type Scene } from "./scene.ts";

export type Victim = "terrarium" | "terraform" | "both";

/**
 * Starts a command, waits for a moment of it, and kills with SIGKILL: `terrarium` itself, the Terraform that it started, or both.
 *
 * @returns how `terrarium` ended
 * @throws Error if the command ended before the moment came
 */
export async function killAt(
  labs: LabRunner,
  args: readonly string[],
  { scene, point, victim }: { scene: Scene; point: Point; victim: Victim },
): Promise<Run> {
  const reached = point.watch(scene);
  const child = labs.start(args);
  await reach(child, reached, point.name);
  const terraform = victim === "terrarium" ? undefined : terraformOf(scene);
  if (victim !== "terraform") child.kill("SIGKILL");
  if (terraform !== undefined) killIfThere(terraform);
  const { exitCode, signal, stdout, stderr } = await child;
  return { exitCode, ...(signal === undefined ? {} : { signal }), stdout: String(stdout), stderr: String(stderr) };
}

/** Polls: `fs.watch` tells of a file some milliseconds late, and not of its content. */
export async function reach(child: ReturnType<LabRunner["start"]>, reached: () => boolean, name: string): Promise<void> {
  while (!reached()) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`the command ended before "${name}": ${String((await child).stderr)}`);
    await sleep(1);
  }
}

/** The Terraform that works in the lab's directory. */
function terraformOf(scene: Scene): number | undefined {
  const record = textOf(inState(scene, "terraform.run.json"));
  return record === "" ? undefined : (JSON.parse(record) as { terraform?: { pid: number } }).terraform?.pid;
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
