import { copyFile, mkdir, readFile, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Verdicts } from "../../../../lib/review/verdicts.ts";
import { makeLabRunner, nothingLeft, tinyLab, whyNoLabs, type LabRunner, type RunOptions } from "../../../fixtures/lab-runner.ts";

const why = await whyNoLabs();

/** Two folders with the same lab file and one state, as two people have them: one has applied, the other has not. */
describe.skipIf(why !== undefined)("a lab whose state is shared", () => {
  let labs: LabRunner;
  let second: string;
  let key: string;
  const at = (options: RunOptions = {}): RunOptions => ({ cwd: second, ...options });

  beforeAll(async () => {
    labs = await makeLabRunner();
    second = labs.folder("second");
    const lab = await tinyLab({
      lab: "team",
      backend: { local: { path: join(labs.directory, "../shared.tfstate") } },
      networks: { net: { mode: "isolated" } },
      sandboxes: {
        one: { networks: ["net"], labels: { who: "a ${team}" } },
        two: {
          networks: ["net"],
          ready: "none",
          cloudInit: { runCmd: ["use ${env:TEAM_TOKEN}", "a-command-of-ours"], writeFiles: [{ path: "/x", content: "a-file-of-ours" }] },
        },
      },
    });
    await labs.write(lab);
    await mkdir(second);
    await labs.write(lab, second);
    const applied = await labs.run(["apply", "--yes"], { env: { TEAM_TOKEN: "a-secret-of-ours" } });
    if (applied.exitCode !== 0) throw new Error(applied.stderr);
    await copyFile(join(labs.directory, "terrarium.lock.yaml"), join(second, "terrarium.lock.yaml"));
    key = await readFile(join(labs.directory, ".terrarium/team/key"), "utf8");
  });

  afterAll(async () => {
    await labs?.dispose();
  });

  test("the state has nothing of what cloud-init was told, and no secret", async () => {
    const state = await readFile(join(labs.directory, "../shared.tfstate"), "utf8");
    expect(state).toContain('\\"name\\":\\"team\\"');
    for (const text of ["a-secret-of-ours", "a-command-of-ours", "a-file-of-ours", "use ${"]) expect(state).not.toContain(text);
  });

  test("who has not applied it looks at it, logs in, stops and starts", async () => {
    const status = await labs.run(["status", "--json"], at());
    expect(status).toMatchObject({ exitCode: 0 });
    const { sandboxes } = JSON.parse(status.stdout) as { sandboxes: { name: string; state: string }[] };
    expect(sandboxes.map(({ name, state }) => [name, state])).toEqual([
      ["one", "running"],
      ["two", "running"],
    ]);
    const ip = await labs.run(["ip", "one"], at());
    expect(ip).toMatchObject({ exitCode: 0, stdout: (await labs.run(["ip", "one"])).stdout });
    const env = { TERRARIUM_KEY: key };
    const without = await labs.run(["exec", "one", "--", "hostname"], at());
    expect(without).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("KEY_LOST") });
    expect(await labs.run(["exec", "one", "--", "hostname"], at({ env }))).toMatchObject({ exitCode: 0, stdout: "one\n" });
    expect(await labs.run(["stop", "two"], at())).toMatchObject({ exitCode: 0 });
    expect(await labs.virsh("domstate", "team-two")).toContain("shut off");
    expect(await labs.run(["start", "two"], at())).toMatchObject({ exitCode: 0 });
    expect(await labs.run(["wait", "one"], at({ env }))).toMatchObject({ exitCode: 0 });
    expect(await labs.run(["list"], at())).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("team") });
  });

  test("a plan with the key and the secrets has no changes", async () => {
    const env = { TERRARIUM_KEY: key, TEAM_TOKEN: "a-secret-of-ours" };
    expect(await labs.run(["plan", "--detailed-exitcode"], at({ env }))).toMatchObject({ exitCode: 0 });
  });

  test("a plan without the key takes secrets as unchanged and says so; an apply refuses; neither makes a key", async () => {
    // Not even variables of an earlier plan are here.
    await rm(join(second, ".terrarium"), { recursive: true });
    const plan = await labs.run(["plan", "--detailed-exitcode"], at());
    expect(plan).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(/warning[^\n]*KEY_LOST|KEY_LOST/) });
    const apply = await labs.run(["apply", "--yes"], at({ env: { TEAM_TOKEN: "a-secret-of-ours" } }));
    expect(apply).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("KEY_LOST") });
    expect(apply.stderr).toContain("--new-key");
    expect(existsSync(join(second, ".terrarium/team/key"))).toBe(false);
  });

  test("a protected sandbox is so for everybody", async () => {
    const protectedLab = (await readFile(join(labs.directory, "lab.yaml"), "utf8")).replace(/^( *)one:$/m, "$1one:\n$1$1protect: true");
    await labs.write(protectedLab);
    expect(await labs.run(["apply", "--yes"], { env: { TEAM_TOKEN: "a-secret-of-ours" } })).toMatchObject({ exitCode: 0 });
    await labs.write(protectedLab.replace(/^( *)one:\n(?:\1 .*\n)*/m, ""), second);
    const plan = await labs.run(["plan", "--json"], at({ env: { TERRARIUM_KEY: key, TEAM_TOKEN: "a-secret-of-ours" } }));
    expect(plan.stdout).toContain("PROTECTED");
    await labs.write(protectedLab, second);
  });

  test("a new key reseeds what has secrets, and is asked for", async () => {
    const env = { TEAM_TOKEN: "a-secret-of-ours" };
    const applied = await labs.run(["apply", "--yes", "--new-key", "--no-wait", "--json"], at({ env }));
    expect(applied).toMatchObject({ exitCode: 0 });
    const { verdicts } = JSON.parse(applied.stdout) as { verdicts: Verdicts };
    expect(verdicts.sandboxes.map(({ name, word }) => [name, word])).toEqual([
      ["one", "none"],
      ["two", "reseed"],
    ]);
    expect(await readFile(join(second, ".terrarium/team/key"), "utf8")).not.toBe(key);
    expect(await labs.run(["plan", "--detailed-exitcode"], at({ env }))).toMatchObject({ exitCode: 0 });
  });

  test("who has not applied it destroys it, without a key", async () => {
    const third = labs.folder("third");
    await labs.write((await readFile(join(second, "lab.yaml"), "utf8")).replace("protect: true", "protect: false"), third);
    const refused = await labs.run(["destroy", "--yes"], { cwd: third });
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("PROTECTED") });
    await labs.write((await readFile(join(labs.directory, "lab.yaml"), "utf8")).replace("protect: true", "protect: false"), second);
    expect(await labs.run(["apply", "--yes", "--no-wait"], at({ env: { TEAM_TOKEN: "a-secret-of-ours" } }))).toMatchObject({ exitCode: 0 });
    expect(await labs.run(["destroy", "--yes"], { cwd: third })).toMatchObject({ exitCode: 0 });
    expect(await labs.count()).toEqual(nothingLeft);
    expect(await labs.run(["destroy", "--yes"])).toMatchObject({ exitCode: 0 });
    expect(await labs.dispose()).toEqual(nothingLeft);
  });
});
