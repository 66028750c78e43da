/**
 * `apply`, a plan without a change, and `destroy` of 10 tiny sandboxes (20 with TERRARIUM_BENCH_LONG=1) on an embedded host: our own provider against `dmacvicar/libvirt`,
 * `provider:` being the only difference; and `destroy` against `virsh destroy` and `undefine` of the same sandboxes. Needs root, libvirt, the libvirt provider, and the
 * tiny image of the test tree.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { downEmbedded } from "../lib/host/down.ts";
import { upEmbedded } from "../lib/host/up.ts";
import { tinyImage } from "../test/fixtures/embedded-host.ts";
import { measure, say, sayMachine, terrarium, type Run } from "./measure.ts";

type Steps = Readonly<Record<"apply" | "plan" | "destroy", Run>>;

const titles = { apply: "apply", plan: "plan without a change", destroy: "destroy" } as const;
const count = process.env["TERRARIUM_BENCH_LONG"] ? 20 : 10;
sayMachine("provider-apply");
const root = mkdtempSync(join(tmpdir(), "trm-"));
const env = { ...process.env, TERRARIUM_HOST_DIR: root, CHECKPOINT_DISABLE: "1" };
try {
  const { uri } = await upEmbedded("local", { root, uplink: "none" });
  const ours = await stepsOf("terrarium", uri);
  say("virsh destroy + undefine of the same", ours.byHand, "s");
  say("terrarium destroy, against 1.3 × that + 1 s", ours.steps.destroy.seconds, "s", 1.3 * ours.byHand + 1);
  const theirs = await stepsOf("libvirt", uri);
  for (const step of ["apply", "plan", "destroy"] as const) {
    const goal = step === "plan" ? 10 : undefined;
    sayFaster(`ours is faster, ${titles[step]}`, theirs.steps[step].seconds / ours.steps[step].seconds, goal);
    sayFaster("  by processor time", theirs.steps[step].processorSeconds / ours.steps[step].processorSeconds, goal);
  }
} finally {
  await downEmbedded("local", { root, force: true, purge: true });
  rmSync(root, { recursive: true, force: true });
}

async function stepsOf(provider: "terrarium" | "libvirt", uri: string): Promise<{ steps: Steps; byHand: number }> {
  const folder = join(root, provider);
  mkdirSync(folder);
  copyFileSync(await tinyImage(), join(folder, "tiny.qcow2"));
  const lab = (sandboxes: number): void =>
    writeFileSync(
      join(folder, "lab.yaml"),
      `lab: bench
provider: ${provider}
hosts: { local: { uri: embedded } }
images: { tiny: { path: ./tiny.qcow2 } }
networks: { front: {} }
sandboxes:
  box: { count: ${sandboxes}, image: tiny, memory: 128MiB, disk: 1GiB, networks: [front], ready: address }
`,
    );
  // Once, uncounted: image in place, Terraform initialized.
  lab(1);
  await run([...terrarium, "apply", "--yes", "--no-wait"], folder);
  await run([...terrarium, "destroy", "--yes"], folder);
  lab(count);
  const counted = async (step: keyof Steps, ...args: string[]): Promise<Run> => {
    const done = await run([...terrarium, step, ...args], folder);
    tell(step, provider, done);
    return done;
  };
  const apply = await counted("apply", "--yes", "--no-wait");
  const names = virsh(uri, "list", "--name").trim().split("\n");
  if (names.length !== count) throw new Error(`expected ${count} running domains, found ${names.join(", ")}`);
  // A plan beside guests that boot measures the guests.
  await run([...terrarium, "wait"], folder);
  const plan = await counted("plan", "--detailed-exitcode");
  const definitions = names.map((name) => [name, virsh(uri, "dumpxml", "--inactive", name)] as const);
  const byHand = provider === "terrarium" ? destroyByHand(definitions, uri) : Number.NaN;
  const destroy = await counted("destroy", "--yes");
  return { steps: { apply, plan, destroy }, byHand };
}

/** Takes the sandboxes away as one would by hand, and puts them back as they were. */
function destroyByHand(definitions: readonly (readonly [name: string, xml: string])[], uri: string): number {
  const start = performance.now();
  for (const [name] of definitions) {
    virsh(uri, "destroy", name);
    virsh(uri, "undefine", name);
  }
  const seconds = (performance.now() - start) / 1000;
  for (const [name, xml] of definitions) {
    const file = join(root, "domain.xml");
    writeFileSync(file, xml);
    virsh(uri, "define", file);
    virsh(uri, "start", name);
  }
  return seconds;
}

function tell(step: keyof Steps, provider: string, { seconds, processorSeconds }: Run): void {
  say(`${titles[step]}, ${count} tiny sandboxes, ${provider} provider`, seconds, "s");
  say("  its processor time", processorSeconds, "s");
}

function sayFaster(what: string, factor: number, goal?: number): void {
  const verdict = goal === undefined ? "" : `   goal ${goal} ×: ${factor >= goal ? "met" : "MISSED"}`;
  console.log(`${what.padEnd(60)} ${factor.toFixed(1)} ×${verdict}`);
}

async function run(command: readonly [string, ...string[]], cwd: string): Promise<Run> {
  const result = await measure(command, { cwd, env });
  if (result.exitCode !== 0) throw new Error(`${command.join(" ")} ended with ${result.exitCode}:\n${result.stderr}${result.stdout}`);
  return result;
}

function virsh(uri: string, ...args: string[]): string {
  return execFileSync("virsh", ["-q", "-c", uri, ...args], { encoding: "utf8" });
}
