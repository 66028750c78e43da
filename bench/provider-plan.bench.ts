/**
 * `plan` on our own provider against `dmacvicar/libvirt`: one lab, `provider:` the only difference, on one embedded host with nothing applied; 10, 100 and 1,000 new
 * sandboxes. What Terraform takes for as many `terraform_data` with the same references is the floor. Then a plan without a change of 100 sandboxes on a memory host.
 * Needs root, libvirt and the libvirt provider. With TERRARIUM_BENCH_LONG=1 the libvirt provider plans 100, too; otherwise 10, and tenfold is taken for 100.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { downEmbedded } from "../lib/host/down.ts";
import { upEmbedded } from "../lib/host/up.ts";
import { memoryHypervisor } from "../lib/hypervisor/memory/memory-hypervisor.ts";
import { terrariumProvider } from "../lib/provider/resources/provider.ts";
import { serveInProcess } from "../lib/provider/serve/serve-in-process.ts";
import { labOf, measure, say, sayMachine, terrarium, type Run } from "./measure.ts";
import { asTerraformData, onMemoryHost, type TerraformJson } from "./provider-floor.ts";

sayMachine("provider-plan");
const root = mkdtempSync(join(tmpdir(), "trm-"));
const env = { ...process.env, TERRARIUM_HOST_DIR: root, CHECKPOINT_DISABLE: "1" };
const long = Boolean(process.env["TERRARIUM_BENCH_LONG"]);
try {
  await upEmbedded("local", { root, uplink: "none" });
  // Uncounted: whatever is done once on a host.
  await planOf("terrarium", 10);
  const ours = new Map<number, Run>();
  for (const count of [10, 100, 1000]) {
    const run = await planOf("terrarium", count);
    ours.set(count, run);
    tell(`terrarium plan of ${count} new sandboxes, our provider`, run, count === 1000 ? 5 : undefined);
    if (count === 1000) say("  peak memory of that process, provider and all", run.memory, "MiB", 400);
    tell("  floor: terraform plan of as many terraform_data", await floorOf(count));
  }
  for (const count of long ? [10, 100] : [10]) {
    const theirs = await planOf("libvirt", count);
    tell(`terrarium plan of ${count} new sandboxes, libvirt provider`, theirs);
    sayFaster(`  ours is faster, at ${count}, by`, ours.get(count), theirs, count === 100 ? 50 : undefined);
    // No verdict: a tenfold of 10 is not a measurement of 100.
    if (!long) sayFaster("  the same at 100, if that takes tenfold", ours.get(100), scaled(theirs, 10));
  }
  await withoutChange(100);
} finally {
  await downEmbedded("local", { root, force: true, purge: true });
  rmSync(root, { recursive: true, force: true });
}

function folderOf(provider: string, count: number): string {
  return join(root, `${provider}-${count}`);
}

/** Twice: the first time initializes Terraform. The slow provider's second plan is the one counted, too. */
async function planOf(provider: "terrarium" | "libvirt", count: number): Promise<Run> {
  const folder = folderOf(provider, count);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "lab.yaml"), `provider: ${provider}\n${labOf(count)}`);
  // Initializes Terraform; where a plan takes minutes, once is enough: init is a second of it.
  if (provider === "terrarium" || count < 100) await run([...terrarium, "plan"], folder);
  return await run([...terrarium, "plan"], folder);
}

async function floorOf(count: number): Promise<Run> {
  const folder = join(root, `floor-${count}`);
  mkdirSync(folder);
  writeFileSync(join(folder, "main.tf.json"), JSON.stringify(asTerraformData(emitted(count))));
  await run(["terraform", "init", "-input=false"], folder);
  return await run(["terraform", "plan", "-input=false", "-out=plan"], folder);
}

function emitted(count: number): TerraformJson {
  return JSON.parse(readFileSync(join(folderOf("terrarium", count), ".terrarium/bench/terraform/cdk.tf.json"), "utf8")) as TerraformJson;
}

async function withoutChange(count: number): Promise<void> {
  const folder = join(root, "deployed");
  mkdirSync(folder);
  const { json, seeds, digests } = onMemoryHost(emitted(count), join(root, "host.json"));
  // The provider that runs here has another working directory than Terraform.
  writeFileSync(join(folder, "main.tf.json"), JSON.stringify(json).replaceAll("${path.module}", folder));
  mkdirSync(join(folder, "seeds"));
  for (const seed of seeds) writeFileSync(join(folder, seed), seed);
  const image = join(folder, "image.img");
  writeFileSync(image, Buffer.alloc(1 << 20));
  const host = memoryHypervisor({ file: join(root, "host.json") });
  for (const digest of digests) await host.placeImage(image, digest);
  const served = await serveInProcess(terrariumProvider);
  const serving = { ...env, TF_REATTACH_PROVIDERS: served.reattach };
  try {
    await run(["terraform", "init", "-input=false"], folder, serving);
    await run(["terraform", "apply", "-auto-approve", "-input=false"], folder, serving);
    const before = process.cpuUsage();
    const plan = await run(["terraform", "plan", "-input=false", "-detailed-exitcode"], folder, serving);
    const { user, system } = process.cpuUsage(before);
    tell(`terraform plan without a change, ${count} sandboxes on a memory host`, plan);
    say("  processor time of our provider beside it", (user + system) / 1e6, "s");
  } finally {
    await served.close();
  }
}

async function run(command: readonly [string, ...string[]], cwd: string, environment: NodeJS.ProcessEnv = env): Promise<Run> {
  const result = await measure(command, { cwd, env: environment });
  if (result.exitCode !== 0) throw new Error(`${command.join(" ")} ended with ${result.exitCode}:\n${result.stderr}${result.stdout}`);
  return result;
}

function scaled(run: Run, factor: number): Run {
  return { ...run, seconds: run.seconds * factor, processorSeconds: run.processorSeconds * factor };
}

function tell(what: string, { seconds, processorSeconds }: Run, goal?: number): void {
  say(what, seconds, "s", goal);
  say("  its processor time", processorSeconds, "s");
}

function sayFaster(what: string, ours: Run | undefined, theirs: Run, goal?: number): void {
  if (!ours) throw new Error("Expected a run of ours to compare with");
  const verdict = (factor: number): string =>
    `${factor.toFixed(1)} ×${goal === undefined ? "" : `   goal ${goal} ×: ${factor >= goal ? "met" : "MISSED"}`}`;
  console.log(`${what.padEnd(60)} ${verdict(theirs.seconds / ours.seconds)}`);
  console.log(`${"  by processor time".padEnd(60)} ${verdict(theirs.processorSeconds / ours.processorSeconds)}`);
}
