import { afterAll, beforeAll, expect, test } from "vitest";
import type { SandboxVerdict, Verdicts } from "../../../../lib/review/verdicts.ts";
import { makeLabRunner, nothingLeft, tinyLab, whyNoLabs, type LabRunner, type Run } from "../../../fixtures/lab-runner.ts";
import { commitApplied, expectSameOffline } from "./offline-review.ts";

/** The change table where our own provider does better than the other one; the rest of it is in `changes.test.ts`. */
const why = await whyNoLabs("terrarium");
const whyNotBoth = why ?? (await whyNoLabs());
let labs: LabRunner;

/** The sandbox that changes; tests set keys of it, each from where the former one left it. */
let web: Record<string, unknown> = { networks: [{ name: "front", ip: "10.78.3.10" }], disks: [{ name: "data", size: "16MiB" }] };
let others: Record<string, unknown> = { worker: { networks: ["front"], ready: "none" } };
let provider = "terrarium";

async function change(keys: Record<string, unknown> = {}): Promise<void> {
  web = { ...web, ...keys };
  const networks = { front: { mode: "nat", cidr: "10.78.3.0/24", reserve: 2 }, back: { mode: "isolated", cidr: "10.78.4.0/24" } };
  await labs.write(await tinyLab({ lab: "own", provider, networks, sandboxes: { web, ...others } }));
}

interface Planned extends Run {
  readonly verdict: (name: string) => SandboxVerdict | undefined;
  readonly verdicts: Verdicts | undefined;
}

async function plan(...flags: readonly string[]): Promise<Planned> {
  const run = await labs.run(["plan", "--json", ...flags]);
  const { verdicts } = JSON.parse(run.stdout) as { verdicts?: Verdicts };
  if (verdicts && flags.length === 0) await expectSameOffline(labs, verdicts);
  return { ...run, verdicts, verdict: (name) => verdicts?.sandboxes.find((sandbox) => sandbox.name === name) };
}

async function apply(...flags: readonly string[]): Promise<Run> {
  const run = await labs.run(["apply", "--yes", ...flags]);
  if (run.exitCode === 0) {
    expect(await labs.run(["plan", "--detailed-exitcode"])).toMatchObject({ exitCode: 0, stdout: "No changes.\n" });
    await commitApplied(labs);
  }
  return run;
}

/** How often web booted, how many instances it was, its memory, and the extra disk's mark and size. */
async function facts(): Promise<{ boots: number; instances: number; memory: number; extra: string }> {
  const line =
    "cat /var/lib/tiny/boots; wc -l </var/lib/tiny/instances; awk '/^MemTotal/ {print int($2/1024)}' /proc/meminfo; " +
    "sudo head -c 8 /dev/vdb | tr -d '\\0'; echo; cat /sys/block/vdb/size";
  const { stdout, stderr } = await labs.run(["exec", "web", "--", "sh", "-c", line]);
  const [boots, instances, memory, mark = "", sectors] = stdout.split("\n");
  if (boots === undefined || boots === "") throw new Error(stderr);
  return { boots: Number(boots), instances: Number(instances), memory: Number(memory), extra: `${mark} ${Number(sectors) / 2048}MiB` };
}

beforeAll(async () => {
  if (why !== undefined) return;
  labs = await makeLabRunner();
  await change();
  const applied = await apply();
  if (applied.exitCode !== 0) throw new Error(applied.stderr);
  await labs.run(["exec", "web", "--", "sh", "-c", "printf marked | sudo tee /dev/vdb >/dev/null; sync"]);
});

afterAll(async () => {
  await labs?.dispose();
});

test.skipIf(why)("labels, a grown disk and more sandboxes than the network reserved for: nothing reboots, nothing is lost", async () => {
  others = { ...others, more: { count: 3, networks: ["front"], ready: "none" } };
  await change({ labels: { team: "red" }, disks: [{ name: "data", size: "32MiB" }] });
  const { verdict, verdicts } = await plan();
  expect(verdict("web")).toMatchObject({ word: "grow", losses: [], stops: false });
  expect(verdict("worker")).toMatchObject({ word: "none" });
  expect(verdicts?.networks).toMatchObject([
    { name: "front", word: "update", reasons: [{ text: "addresses of more-1, more-2, more-3 added" }], reboots: [] },
  ]);
  expect(await apply("--no-wait")).toMatchObject({ exitCode: 0 });
  expect(await facts()).toMatchObject({ boots: 1, extra: "marked 32MiB" });
  expect(await labs.virsh("dumpxml", "own-web")).toContain("red");
});

test.skipIf(why)(
  "the network's own name server knows a sandbox by its reservation, whether it has asked for its address or not",
  async () => {
    const { stdout } = await labs.run(["exec", "web", "--", "sh", "-c", "ping -c 1 -W 1 more-2.front.own.test | head -n 1"]);
    const address = /\((10\.78\.3\.\d+)\)/.exec(stdout)?.[1] ?? stdout;
    const network = (await labs.virsh("net-dumpxml", "own-front")).replaceAll(/\s+/g, " ");
    expect(network).toContain(`<host ip='${address}'> <hostname>more-2</hostname>`);
  },
);

test.skipIf(why)("memory: one reboot, after a shutdown in order; cloud-init: one more, and a new instance", async () => {
  await change({ memory: "192MiB" });
  expect((await plan()).verdict("web")).toMatchObject({ word: "reboot", losses: [], stops: true });
  expect(await apply()).toMatchObject({ exitCode: 0 });
  const { memory, ...rest } = await facts();
  expect(rest).toEqual({ boots: 2, instances: 1, extra: "marked 32MiB" });
  expect(memory).toBeGreaterThan(140);
  await change({ cloudInit: { runCmd: ["echo second >/var/lib/tiny/ran"] } });
  expect((await plan()).verdict("web")).toMatchObject({ word: "reseed", losses: [] });
  expect(await apply()).toMatchObject({ exitCode: 0 });
  expect(await facts()).toMatchObject({ boots: 3, instances: 2, extra: "marked 32MiB" });
});

test.skipIf(why)("snapshots: taken while it runs, listed, restored with what was in it then, removed; the next plan is empty", async () => {
  const inGuest = async (line: string): Promise<string> => (await labs.run(["exec", "web", "--", "sh", "-c", line])).stdout.trim();
  await inGuest("echo before >/tmp/mark");
  expect(await labs.run(["snapshot", "take", "web", "first"])).toMatchObject({
    exitCode: 0,
    stdout: "web: snapshot first taken (disks and memory)\n",
  });
  expect(await labs.run(["snapshot", "take", "web", "first"])).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining("BAD_OPTION"),
  });
  await inGuest("echo after >/tmp/mark");
  const { stdout } = await labs.run(["snapshot", "list", "web", "--json"]);
  expect(JSON.parse(stdout)).toMatchObject({ snapshots: [{ name: "first", running: true }] });
  expect(await labs.run(["snapshot", "restore", "web", "first"])).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining("NOT_CONFIRMED"),
  });
  expect(await labs.run(["snapshot", "restore", "web", "first", "--yes"])).toMatchObject({ exitCode: 0 });
  expect(await inGuest("cat /tmp/mark")).toBe("before");
  expect(await labs.run(["snapshot", "restore", "web", "other", "--yes"])).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('no snapshot "other": it has first'),
  });
  expect(await labs.run(["snapshot", "remove", "web", "first", "--yes"])).toMatchObject({ exitCode: 0 });
  expect(await labs.run(["snapshot", "list", "web"])).toMatchObject({ stdout: "web has no snapshots.\n" });
  expect(await labs.run(["plan", "--detailed-exitcode"])).toMatchObject({ exitCode: 0, stdout: "No changes.\n" });
});

test.skipIf(why)("a sandbox that somebody stopped is told by the plan, and started by the apply", async () => {
  await labs.virsh("destroy", "own-worker");
  const { verdict, verdicts } = await plan();
  expect(verdict("worker")).toMatchObject({ word: "update", losses: [] });
  expect(verdicts?.drift).toContainEqual({
    object: "sandbox worker",
    text: "was changed outside Terrarium: running true → false",
    repaired: true,
  });
  expect(await apply("--no-wait")).toMatchObject({ exitCode: 0 });
  expect(await labs.virsh("domstate", "own-worker")).toContain("running");
});

test.skipIf(why)("an extra disk removed: only that disk is lost, once agreed to", async () => {
  await change({ disks: [] });
  expect((await plan()).verdict("web")).toMatchObject({ losses: [{ disk: "data", size: 32 * 2 ** 20 }] });
  expect(await apply()).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("--allow-loss web") as string });
  expect(await apply("--allow-loss", "web")).toMatchObject({ exitCode: 0 });
  const { stdout } = await labs.run([
    "exec",
    "web",
    "--",
    "sh",
    "-c",
    "cat /var/lib/tiny/instances | wc -l; ls /dev/vdb 2>/dev/null || echo gone",
  ]);
  expect(stdout.trim()).toBe("2\ngone");
});

/** How often web's root disk was booted, as how many instances, and what the last `runCmd` left. */
async function rootDisk(): Promise<string> {
  const line = "echo $(cat /var/lib/tiny/boots) $(cat /var/lib/tiny/instances | wc -l) $(cat /var/lib/tiny/ran)";
  return (await labs.run(["exec", "web", "--", "sh", "-c", line])).stdout.trim();
}

test.skipIf(why)("`onChange: ignore` changes nothing; `rebuild` makes the root disk anew, once agreed to", async () => {
  const before = await rootDisk();
  await change({ cloudInit: { runCmd: ["echo third >/var/lib/tiny/ran"], onChange: "ignore" } });
  expect((await plan()).verdict("web")).toMatchObject({ word: "none", reasons: [{ text: expect.stringContaining("ignored") as string }] });
  expect(await apply()).toMatchObject({ exitCode: 0 });
  expect(await rootDisk()).toBe(before);
  await change({ cloudInit: { runCmd: ["echo fourth >/var/lib/tiny/ran"], onChange: "rebuild" } });
  expect((await plan()).verdict("web")).toMatchObject({ word: "rebuild", losses: [{ disk: "root" }] });
  expect(await apply()).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("--allow-loss web") as string });
  expect(await apply("--allow-loss", "web")).toMatchObject({ exitCode: 0 });
  expect(await rootDisk()).toBe("1 1 fourth");
});

test.skipIf(why)("a kill between making and recording: the next apply takes over what is there", async () => {
  others = { ...others, late: { networks: ["front"], ready: "none" } };
  await change();
  const child = labs.start(["apply", "--yes", "--no-wait"]);
  // The domain is there as soon as it is defined, the state some moments later.
  while (!(await labs.virsh("list", "--all", "--name")).includes("own-late") && child.exitCode === null) await new Promise(setImmediate);
  child.kill("SIGKILL");
  await child;
  const { exitCode, stderr } = await apply("--no-wait");
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  expect(await labs.virsh("domstate", "own-late")).toContain("running");
});

test.skipIf(whyNotBoth)("another provider: two applies, once every loss is agreed to; addresses stay", async () => {
  others = { worker: others["worker"] };
  await change();
  expect(await apply("--no-wait", ...["late", "more-1", "more-2", "more-3"].flatMap((name) => ["--allow-loss", name]))).toMatchObject({
    exitCode: 0,
  });
  provider = "libvirt";
  await change();
  const { verdict, stdout } = await plan();
  expect(verdict("web")).toMatchObject({
    word: "rebuild",
    losses: [{ disk: "root" }],
    reasons: [{ text: "provider terrarium → libvirt" }],
  });
  expect(stdout).toContain("LAB_PROVIDER_CHANGED");
  expect(await labs.run(["plan", "--out", "saved"])).toMatchObject({ exitCode: 1 });
  expect(await apply()).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("--allow-loss web") as string });
  expect(await apply("--allow-loss", "web", "--allow-loss", "worker")).toMatchObject({ exitCode: 0 });
  expect(await labs.virsh("dumpxml", "own-web")).toContain('provider="libvirt"');
  const { stdout: boots } = await labs.run(["exec", "web", "--", "cat", "/var/lib/tiny/boots"]);
  expect(boots.trim()).toBe("1");
  expect((await labs.run(["status"])).stdout).toContain("10.78.3.10");
});

test.skipIf(why)("destroy leaves nothing", async () => {
  expect(await labs.run(["destroy", "--yes"])).toMatchObject({ exitCode: 0 });
  expect(await labs.count()).toEqual(nothingLeft);
});
