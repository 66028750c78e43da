import { execa } from "execa";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { SandboxVerdict, Verdicts } from "../../../../lib/review/verdicts.ts";
import { tinyImage } from "../../../fixtures/embedded-host.ts";
import { makeLabRunner, nothingLeft, tinyLab, whyNoLabs, type LabRunner, type Run } from "../../../fixtures/lab-runner.ts";
import { commitApplied, expectSameOffline } from "./offline-review.ts";

const why = await whyNoLabs();
/** Rows that the rest has in a like form: in the full test only. Nothing after them builds on them. */
const inFull = why ?? (process.env["TERRARIUM_TEST_FULL"] ? undefined : "a part of the full test");
let labs: LabRunner;

/** The sandbox that changes; tests set keys of it, each from where the former one left it. */
let web: Record<string, unknown> = { networks: [{ name: "front", ip: "10.78.1.10" }], disks: [{ name: "data", size: "16MiB" }] };
/** The rest of the lab. Two copies that nobody waits for. */
let others: Record<string, unknown> = { worker: { count: 2, networks: ["front"], ready: "none" } };
let images: Record<string, unknown> = {};

async function write(): Promise<void> {
  const networks = { front: { mode: "nat", cidr: "10.78.1.0/24" }, back: { mode: "isolated", cidr: "10.78.2.0/24" } };
  await labs.write(await tinyLab({ lab: "changes", networks, images, sandboxes: { web, ...others } }));
}

async function change(keys: Record<string, unknown>): Promise<void> {
  web = { ...web, ...keys };
  await write();
}

interface Planned extends Run {
  readonly verdict: (name: string) => SandboxVerdict | undefined;
  readonly codes: readonly string[];
}

async function plan(...flags: readonly string[]): Promise<Planned> {
  const run = await labs.run(["plan", "--json", ...flags]);
  const { verdicts, diagnostics = [] } = JSON.parse(run.stdout) as { verdicts?: Verdicts; diagnostics?: { code: string }[] };
  if (verdicts && flags.length === 0) await expectSameOffline(labs, verdicts);
  return {
    ...run,
    verdict: (name) => verdicts?.sandboxes.find((sandbox) => sandbox.name === name),
    codes: diagnostics.map(({ code }) => code),
  };
}

async function apply(...flags: readonly string[]): Promise<Run> {
  const run = await labs.run(["apply", "--yes", ...flags]);
  if (run.exitCode === 0 && !flags.includes("--target")) await commitApplied(labs);
  return run;
}

/** What outlives boots on web's root disk: how often it booted, how many instances it was. And what the host says of it. */
async function facts(): Promise<{ boots: number; instances: number; memory: number; cpus: number; addresses: string; extra: string }> {
  const line =
    "cat /var/lib/tiny/boots; wc -l </var/lib/tiny/instances; awk '/^MemTotal/ {print int($2/1024)}' /proc/meminfo; nproc; " +
    "echo $(ip -4 -o addr show | awk '$2 != \"lo\" {print $2 \"=\" $4}' | sort); sudo head -c 8 /dev/vdb | tr -d '\\0'; echo; cat /sys/block/vdb/size";
  const { stdout, stderr } = await labs.run(["exec", "web", "--", "sh", "-c", line]);
  const [boots, instances, memory, cpus, addresses = "", mark = "", sectors] = stdout.split("\n");
  if (boots === undefined || boots === "") throw new Error(stderr);
  const extra = `${mark} ${Number(sectors) / 2048}MiB`;
  return { boots: Number(boots), instances: Number(instances), memory: Number(memory), cpus: Number(cpus), addresses, extra };
}

async function domainIds(): Promise<Record<string, string>> {
  const names = (await labs.virsh("list", "--name")).split("\n").filter((name) => name.startsWith("changes-worker"));
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, (await labs.virsh("domid", name)).trim()] as const)));
}

beforeAll(async () => {
  if (why !== undefined) return;
  labs = await makeLabRunner();
  await write();
  const applied = await apply();
  if (applied.exitCode !== 0) throw new Error(applied.stderr);
  await labs.run(["exec", "web", "--", "sh", "-c", "printf marked | sudo tee /dev/vdb >/dev/null; sync"]);
});

afterAll(async () => {
  await labs?.dispose();
});

test.skipIf(why)(
  "memory, CPUs and labels: a reboot after a shutdown in order, disks as they were, nothing run again, others left alone",
  async () => {
    const before = await domainIds();
    await change({ memory: "192MiB", cpus: 2, labels: { team: "red" } });
    const planned = await plan();
    expect(planned.verdict("web")).toMatchObject({ word: "reboot", losses: [], stops: true });
    expect(
      planned
        .verdict("web")
        ?.reasons.map(({ text }) => text)
        .join("; "),
    ).toMatch(/memory 128MiB → 192MiB.*|cpus 1 → 2.*/);
    expect(planned.verdict("worker-1")).toMatchObject({ word: "none" });
    const { exitCode, stderr } = await apply();
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0, stderr: expect.stringContaining("sandbox web: shut down") as string });
    expect(stderr).not.toContain("power cut");
    const { memory, ...rest } = await facts();
    expect(rest).toMatchObject({ boots: 2, instances: 1, cpus: 2, extra: "marked 16MiB" });
    expect(memory).toBeGreaterThan(140);
    expect(await domainIds()).toEqual(before);
  },
);

test.skipIf(why)("a NIC added and an address changed: a reboot in which nothing is run again", async () => {
  await change({
    networks: [
      { name: "front", ip: "10.78.1.11" },
      { name: "back", ip: "10.78.2.11" },
    ],
  });
  expect((await plan()).verdict("web")).toMatchObject({ word: "reboot", losses: [] });
  expect(await apply()).toMatchObject({ exitCode: 0 });
  expect(await facts()).toMatchObject({
    boots: 3,
    instances: 1,
    addresses: "back=10.78.2.11/24 front=10.78.1.11/24",
    extra: "marked 16MiB",
  });
});

test.skipIf(why)("cloud-init changed: a new instance on the same disk, run again", async () => {
  await change({ cloudInit: { runCmd: ["echo second >/var/lib/tiny/ran"] } });
  expect((await plan()).verdict("web")).toMatchObject({ word: "reseed", losses: [] });
  expect(await apply()).toMatchObject({ exitCode: 0 });
  expect(await facts()).toMatchObject({ boots: 4, instances: 2, extra: "marked 16MiB" });
  expect((await labs.run(["exec", "web", "--", "cat", "/var/lib/tiny/ran"])).stdout).toBe("second\n");
  expect(await labs.run(["plan", "--detailed-exitcode"])).toMatchObject({ exitCode: 0 });
});

test.skipIf(why)("an extra disk grown: that disk is lost, refused until agreed to, the root disk stays", async () => {
  await change({ disks: [{ name: "data", size: "32MiB" }] });
  const planned = await plan();
  expect(planned).toMatchObject({ exitCode: 0, codes: ["LOSS_NOT_ALLOWED"] });
  expect(planned.verdict("web")).toMatchObject({ word: "rebuild", losses: [{ disk: "data", size: 16 * 2 ** 20 }] });
  const refused = await apply();
  expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("--allow-loss web") as string });
  expect(await facts()).toMatchObject({ boots: 4, extra: "marked 16MiB" });
  expect(await apply("--allow-loss", "web")).toMatchObject({ exitCode: 0 });
  expect(await facts()).toMatchObject({ boots: 5, instances: 2, extra: " 32MiB" });
});

test.skipIf(inFull)("the root disk grown, or another image: rebuilt from the image once agreed to", async () => {
  await change({ disk: "128MiB" });
  expect((await plan()).verdict("web")).toMatchObject({ word: "rebuild", losses: [{ disk: "root" }] });
  await change({ disk: "64MiB", image: "other" });
  const other = join(labs.directory, "other.qcow2");
  await execa("qemu-img", ["convert", "-O", "qcow2", "-o", "cluster_size=128k", await tinyImage(), other]);
  images = { other: { path: "./other.qcow2" } };
  await write();
  const planned = await plan();
  expect(planned.codes).toEqual(["LOSS_NOT_ALLOWED"]);
  expect(planned.verdict("web")).toMatchObject({ word: "rebuild", losses: [{ disk: "root" }] });
  expect(await apply()).toMatchObject({ exitCode: 1 });
  expect(await apply("--allow-loss", "web")).toMatchObject({ exitCode: 0 });
  expect(await facts()).toMatchObject({ boots: 1, instances: 1, extra: " 32MiB" });
});

test.skipIf(inFull)("`onChange: ignore` changes nothing; `rebuild` makes the root disk anew, once agreed to", async () => {
  const before = await facts();
  await change({ cloudInit: { runCmd: ["echo third >/var/lib/tiny/ran"], onChange: "ignore" } });
  expect((await plan()).verdict("web")).toMatchObject({ word: "none", reasons: [{ text: expect.stringContaining("ignored") as string }] });
  expect(await apply()).toMatchObject({ exitCode: 0 });
  expect(await facts()).toEqual(before);
  expect(await labs.run(["plan", "--detailed-exitcode"])).toMatchObject({ exitCode: 0 });
  await change({ networks: [{ name: "front", ip: "10.78.1.12" }] });
  expect((await plan()).verdict("web")).toMatchObject({ word: "reseed", losses: [] });
  expect(await apply()).toMatchObject({ exitCode: 0 });
  expect(await facts()).toMatchObject({ boots: before.boots + 1, addresses: "front=10.78.1.12/24" });
  await change({ cloudInit: { runCmd: ["echo third >/var/lib/tiny/ran"], onChange: "rebuild" } });
  expect(await apply()).toMatchObject({ exitCode: 0 });
  await change({ cloudInit: { runCmd: ["echo fourth >/var/lib/tiny/ran"], onChange: "rebuild" } });
  expect((await plan()).verdict("web")).toMatchObject({ word: "rebuild", losses: [{ disk: "root" }] });
  expect(await apply()).toMatchObject({ exitCode: 1 });
  expect(await apply("--allow-loss", "web")).toMatchObject({ exitCode: 0 });
  expect(await facts()).toMatchObject({ boots: 1, instances: 1, extra: before.extra });
  expect((await labs.run(["exec", "web", "--", "cat", "/var/lib/tiny/ran"])).stdout).toBe("fourth\n");
});

test.skipIf(why)("a disk never shrinks", async () => {
  const former = web;
  await change({ disks: [{ name: "data", size: "8MiB" }] });
  expect(await apply("--allow-loss", "web")).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("DISK_SHRINKS") as string });
  web = former;
});

test.skipIf(why)("a lower count and a removed sandbox are refused until each is agreed to; protect is never overruled", async () => {
  const former = others;
  others = { worker: { ...(former["worker"] as object), count: 1 } };
  await write();
  expect((await plan()).verdict("worker-2")).toMatchObject({ word: "destroy", losses: [{ disk: "root" }] });
  expect(await apply()).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("--allow-loss worker-2") as string });
  others = { worker: { ...(former["worker"] as object), protect: true } };
  await write();
  expect(await apply("--no-wait")).toMatchObject({ exitCode: 0 });
  others = {};
  await write();
  const refused = await apply("--allow-loss", "worker-1", "--allow-loss", "worker-2");
  expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("PROTECTED") as string });
  expect(await labs.run(["destroy", "--yes"])).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("PROTECTED") as string });
  others = former;
  await write();
  expect(await apply("--no-wait")).toMatchObject({ exitCode: 0 });
  others = { worker: { ...(former["worker"] as object), count: 1 } };
  await write();
  expect(await apply("--allow-loss", "worker-2", "--no-wait")).toMatchObject({ exitCode: 0 });
  expect(Object.keys(await domainIds())).toEqual(["changes-worker-1"]);
});

test.skipIf(inFull)("--target changes only what it names, and waits only for that", async () => {
  others = { worker: { ...(others["worker"] as object), memory: "144MiB" }, extra: { networks: ["front"] } };
  await change({ memory: "256MiB" });
  expect((await plan("--target", "worker-1")).verdict("web")).toMatchObject({ word: "none" });
  expect(await apply("--target", "worker-1")).toMatchObject({ exitCode: 0 });
  expect(await labs.virsh("domstate", "changes-worker-1")).toContain("running");
  expect(await labs.virsh("list", "--all", "--name")).not.toContain("changes-extra");
  expect((await plan()).verdict("web")).toMatchObject({ word: "reboot" });
  expect((await plan()).verdict("extra")).toMatchObject({ word: "create" });
});

test.skipIf(why)("a saved plan is applied as it was made, and refused once something else has changed", async () => {
  others = { worker: { ...(others["worker"] as object), memory: "128MiB" } };
  await change({ memory: "192MiB" });
  expect(await labs.run(["plan", "--out", "first.plan"])).toMatchObject({ exitCode: 0 });
  expect(await labs.run(["plan", "--out", "second.plan"])).toMatchObject({ exitCode: 0 });
  await change({ memory: "224MiB" });
  expect(await apply("--plan", "first.plan", "--no-wait")).toMatchObject({ exitCode: 0 });
  expect(await labs.virsh("dumpxml", "changes-worker-1")).toContain("<memory unit='KiB'>131072</memory>");
  expect(await apply("--plan", "second.plan")).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("PLAN_STALE") as string });
});

test.skipIf(why)("a broken lab file and a missing variable stop neither status nor destroy", async () => {
  await labs.write("lab: changes\nsandboxes: [ ${var:gone\n");
  expect(await labs.run(["apply", "--yes"])).toMatchObject({ exitCode: 1 });
  expect(await labs.run(["status"])).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^web +running/m) as string });
  expect(await labs.run(["destroy", "--yes"])).toMatchObject({ exitCode: 0 });
  expect(await labs.count()).toEqual(nothingLeft);
});
