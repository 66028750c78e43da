import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { whyNot } from "./tier-needs.ts";

/** A tier of the test suite: a project of vitest.config.ts. */
interface Tier {
  readonly title: string;
  /** vitest project; absent: no test is in this tier yet. */
  readonly project?: string;
}

const tiers: readonly Tier[] = [
  { title: "pure", project: "pure" },
  { title: "snapshot", project: "snapshot" },
  { title: "real tools (Terraform, cloud-init, ssh, ISO readers, an editor's language server)", project: "tools" },
  { title: "real libvirt", project: "libvirt" },
  { title: "real VirtualBox" },
  { title: "browser" },
];

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const total: Counts = { passed: 0, failed: 0, skipped: 0 };
const lines: string[] = [];

for (const { title, project } of tiers) {
  if (project === undefined) {
    lines.push(`${title}: has no tests yet`);
    continue;
  }
  const reason = await whyNot(project);
  if (reason !== undefined) {
    lines.push(`${title}: did not run: ${reason}`);
    continue;
  }
  console.log(`\n=== ${title} ===`);
  const counts = await runProject(project);
  // A tier that could run and ran nothing has a hole.
  if (counts.passed + counts.failed === 0) counts.failed += 1;
  lines.push(`${title}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
}

console.log(`\n=== tiers ===\n${lines.join("\n")}\n`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 ? 0 : 1;

/** A run that was killed has written none. */
async function readReport(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

async function runProject(project: string): Promise<Counts> {
  const folder = await mkdtemp(join(tmpdir(), "terrarium-tier-"));
  const report = join(folder, "report.json");
  try {
    const args = [
      "node_modules/vitest/vitest.mjs",
      "run",
      "--project",
      project,
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
    ];
    const exit = await new Promise<number>((resolve, reject) => {
      const child = spawn(process.execPath, args, { stdio: "inherit" });
      child.once("error", reject);
      child.once("exit", (code) => resolve(code ?? 1));
    });
    const text = await readReport(report);
    if (text === undefined) return { passed: 0, failed: 1, skipped: 0 };
    const result = JSON.parse(text) as Record<"numPassedTests" | "numFailedTests" | "numPendingTests" | "numFailedTestSuites", number>;
    const failed = result.numFailedTests;
    // A file that does not even load fails the run without a failed test.
    return { passed: result.numPassedTests, failed: failed === 0 && exit !== 0 ? 1 : failed, skipped: result.numPendingTests };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
