import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { whatIsMissing, whyNot } from "./tier-needs.ts";

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
  { title: "real VirtualBox", project: "virtualbox" },
  { title: "browser" },
];

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const total: Counts = { passed: 0, failed: 0, skipped: 0 };
const lines: string[] = [];
/** Named again at the end: what a run printed meanwhile may be long gone. */
const failures: string[] = [];

// VBoxManage mostly waits for its daemon: beside the guests of the libvirt tier it costs next to nothing.
const besides = new Map<string, Promise<Counts>>();

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
  if (project === "libvirt" && (await whyNot("virtualbox")) === undefined) besides.set("virtualbox", runProject("virtualbox", "after"));
  if (!besides.has(project)) console.log(`\n=== ${title} ===`);
  const counts = await (besides.get(project) ?? runProject(project, "live"));
  // A tier that could run and ran nothing has a hole.
  if (counts.passed + counts.failed === 0) counts.failed += 1;
  const missing = await whatIsMissing(project);
  const skipped = `${counts.skipped} skipped${missing === undefined ? "" : ` (${missing})`}`;
  lines.push(`${title}: ${counts.passed} passed, ${counts.failed} failed, ${skipped}`);
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
}

if (failures.length > 0) console.log(`\n=== failed ===\n${failures.join("\n")}`);
console.log(`\n=== tiers ===\n${lines.join("\n")}\n`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 ? 0 : 1;

/** What vitest's JSON reporter writes, as far as it is used. */
interface Report extends Readonly<Record<"numPassedTests" | "numFailedTests" | "numPendingTests", number>> {
  readonly testResults: readonly ReportedFile[];
}

interface ReportedFile {
  readonly name: string;
  readonly message: string;
  readonly status: string;
  readonly assertionResults: readonly {
    readonly status: string;
    readonly fullName: string;
    readonly failureMessages?: readonly string[] | null;
  }[];
}

/** A line for each failed test, with the first line of what it said; for a file that did not load, one for the file. */
function failuresOf({ name, message, status, assertionResults }: ReportedFile): string[] {
  const file = relative(process.cwd(), name);
  const failed = assertionResults.filter((test) => test.status === "failed");
  if (failed.length === 0) return status === "failed" ? [`${file}: ${message}`] : [];
  return failed.map((test) => `${file}: ${test.fullName}: ${(test.failureMessages ?? []).map((text) => text.split("\n")[0]).join("; ")}`);
}

/** A run that was killed has written none. */
async function readReport(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** @param shown `after`: what it prints appears in one piece when it has ended */
async function runProject(project: string, shown: "live" | "after"): Promise<Counts> {
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
    const output: Buffer[] = [];
    const exit = await new Promise<number>((resolve, reject) => {
      const child = spawn(process.execPath, args, {
        stdio: ["inherit", ...(shown === "live" ? (["inherit", "inherit"] as const) : (["pipe", "pipe"] as const))],
      });
      for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => output.push(chunk));
      child.once("error", reject);
      child.once("close", (code) => resolve(code ?? 1));
    });
    if (shown === "after") console.log(`\n=== ${project}, which ran beside ===\n${Buffer.concat(output).toString()}`);
    const text = await readReport(report);
    if (text === undefined) return { passed: 0, failed: 1, skipped: 0 };
    const result = JSON.parse(text) as Report;
    for (const file of result.testResults) failures.push(...failuresOf(file));
    const failed = result.numFailedTests;
    // A file that does not even load fails the run without a failed test.
    return { passed: result.numPassedTests, failed: failed === 0 && exit !== 0 ? 1 : failed, skipped: result.numPendingTests };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
