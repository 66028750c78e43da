/** `terrarium review --base` of 100 and 1,000 sandboxes, each of which is rebuilt, whole process; and the size of the comment. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { labOf, medianRun, say, sayMachine, terrarium } from "./measure.ts";

sayMachine("review");
const folder = mkdtempSync(join(tmpdir(), "terrarium-bench-"));
const git = (...args: string[]): void =>
  void execFileSync("git", ["-c", "user.name=bench", "-c", "user.email=bench@example.test", ...args], { cwd: folder });
try {
  git("init", "--quiet", "--initial-branch=main");
  for (const [count, most] of [
    [100, 1.5],
    [1000, 5],
  ] as const) {
    const lab = labOf(count);
    writeFileSync(join(folder, "lab.yaml"), lab);
    git("add", "--all");
    git("commit", "--quiet", "-m", "base");
    const changed = lab.replaceAll(/bookworm/g, "trixie");
    if (changed === lab) throw new Error("the lab of this bench has no image to change");
    writeFileSync(join(folder, "lab.yaml"), changed);
    const run = await medianRun(3, [...terrarium, "review", "--base", "main", "--format", "markdown"], { cwd: folder });
    say(`review of ${count} sandboxes that are rebuilt`, run.seconds, "s", most);
    say("  peak memory", run.memory, "MiB");
    say("  comment", Buffer.byteLength(run.stdout) / 1000, "kB", 60);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
