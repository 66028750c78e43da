/** How long a command takes before it does anything: `--help`, and `validate` of 1,000 sandboxes, against bare Node. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { labOf, medianRun, say, sayMachine, terrarium } from "./measure.ts";

sayMachine("start");
const folder = mkdtempSync(join(tmpdir(), "terrarium-bench-"));
try {
  const lab = join(folder, "lab.yaml");
  writeFileSync(lab, labOf(1000));
  const bare = await medianRun(15, [process.execPath, "-e", "0"]);
  const help = await medianRun(15, [...terrarium, "--help"]);
  const validate = await medianRun(7, [...terrarium, "validate", lab]);
  say("bare node", bare.seconds * 1000, "ms");
  say("terrarium --help", help.seconds * 1000, "ms", 120);
  say("  ratio to bare node", help.seconds / bare.seconds, "×");
  say("terrarium validate, 1,000 sandboxes", validate.seconds * 1000, "ms", 400);
  say("  ratio to bare node", validate.seconds / bare.seconds, "×");
} finally {
  rmSync(folder, { recursive: true, force: true });
}
