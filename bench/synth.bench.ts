/** `terrarium synth` of 10, 100 and 1,000 sandboxes, whole process: time, peak memory. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { labOf, medianRun, say, sayMachine, terrarium } from "./measure.ts";

sayMachine("synth");
const folder = mkdtempSync(join(tmpdir(), "terrarium-bench-"));
try {
  const bare = await medianRun(7, [process.execPath, "-e", "0"]);
  for (const count of [10, 100, 1000]) {
    const lab = join(folder, `lab-${count}.yaml`);
    writeFileSync(lab, labOf(count));
    const run = await medianRun(5, [...terrarium, "synth", lab]);
    say(`synth of ${count} sandboxes`, run.seconds, "s", count === 1000 ? 1.2 : undefined);
    say("  ratio to bare node", run.seconds / bare.seconds, "×");
    say("  peak memory", run.memory, "MiB", count === 1000 ? 250 : undefined);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
