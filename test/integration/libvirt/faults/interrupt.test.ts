import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { providers, whyNoLabs, type LabRunner } from "../../../fixtures/lab-runner.ts";
import { nothingLeft } from "../../../fixtures/leftovers.ts";
import { reach } from "./kill-at.ts";
import { faultLab, withLabs } from "./labs.ts";
import { destroyPoints } from "./points.ts";
import { domains, inState, running, sceneOf, textOf, volumes } from "./scene.ts";

const full = (process.env["TERRARIUM_TEST_FULL"] ?? "") !== "";
const missing = { libvirt: await whyNoLabs("libvirt"), terrarium: await whyNoLabs("terrarium") };

/** As a terminal does it: to the command and to every program in its process group that it has started. */
function interrupt(pid: number | undefined, signal: NodeJS.Signals = "SIGINT"): void {
  if (pid === undefined) throw new Error("Expected a command that runs");
  const all = readdirSync("/proc").flatMap((entry) => {
    const [, id, fields] = /^(\d+) \(.*\) (.*)$/s.exec(textOf(`/proc/${/^\d+$/.test(entry) ? entry : "0"}/stat`)) ?? [];
    const [, parent, group] = (fields ?? "").split(" ");
    return id === undefined ? [] : [{ id: Number(id), parent: Number(parent), group: Number(group) }];
  });
  const group = all.find(({ id }) => id === pid)?.group;
  const family = new Set([pid]);
  for (let size = 0; size !== family.size;) {
    size = family.size;
    for (const one of all) if (one.group === group && family.has(one.parent)) family.add(one.id);
  }
  for (const id of family) process.kill(id, signal);
}

/** Starts a command; the returned text grows with its standard error. */
function startHeard(labs: LabRunner, args: readonly string[]) {
  const child = labs.start(args);
  const heard = { stderr: "" };
  child.stderr?.on("data", (chunk: Buffer) => (heard.stderr += chunk.toString()));
  return { child, heard };
}

describe.each(providers)("Ctrl-C with the provider %s", (provider) => {
  // A wait and a plan are the command's own, whoever the provider is.
  const whole = full || provider === "libvirt";

  test.skipIf(missing[provider])(
    "once stops in order, ends a wait, and twice breaks off; the next run goes on each time",
    { timeout: 1_800_000 },
    async () => {
      const left = await withLabs(async (labs) => {
        await labs.write(await faultLab({ ready: whole ? "ssh" : "none", provider }));
        const scene = sceneOf(labs, "fl");

        const apply = labs.start(["apply", "--yes"]);
        await reach(apply, () => volumes(scene, ".qcow2").length > 0, "a root disk is there");
        interrupt(apply.pid);
        expect(await apply).toMatchObject({ exitCode: 130, stderr: expect.stringContaining("Stopping in order") });
        expect(domains(scene).length).toBeLessThan(2);

        if (whole) {
          const again = startHeard(labs, ["apply", "--yes"]);
          await reach(again.child, () => /^sandbox \w+: booting/m.test(again.heard.stderr), "a sandbox boots");
          interrupt(again.child.pid);
          expect(await again.child).toMatchObject({ exitCode: 130 });
          expect(await labs.run(["wait"])).toMatchObject({ exitCode: 0 });
        } else expect(await labs.run(["apply", "--yes"])).toMatchObject({ exitCode: 0 });
        expect(running(scene)).toHaveLength(2);

        if (whole) {
          const planning = labs.start(["destroy", "--yes"]);
          const planned = destroyPoints.find(({ name }) => name === "Terraform plans")?.watch(scene) ?? (() => false);
          await reach(planning, planned, "Terraform plans");
          interrupt(planning.pid, "SIGTERM");
          expect(await planning).toMatchObject({ exitCode: 130, stderr: expect.stringContaining("Stopping in order") });
          expect(running(scene)).toHaveLength(2);
        }

        const destroy = labs.start(["destroy", "--yes"]);
        await reach(destroy, () => domains(scene).length < 2, "a sandbox is gone");
        interrupt(destroy.pid);
        const { heardTwice } = await twice(destroy);
        expect(heardTwice).toBe(true);
        expect(await labs.run(["destroy", "--yes"])).toMatchObject({ exitCode: 0 });
        expect(await labs.count()).toEqual(nothingLeft);
        expect(textOf(inState(scene, "terraform.run.json"))).toBe("");
      });
      expect(left).toEqual(nothingLeft);
    },
  );
});

/** The second Ctrl-C, as soon as the first was answered. */
async function twice(child: ReturnType<LabRunner["start"]>): Promise<{ heardTwice: boolean }> {
  let heard = "";
  child.stderr?.on("data", (chunk: Buffer) => (heard += chunk.toString()));
  await reach(child, () => heard.includes("Stopping in order"), "the first Ctrl-C is answered");
  interrupt(child.pid);
  const { exitCode, stderr } = await child;
  expect(exitCode).toBe(130);
  return { heardTwice: String(stderr).includes("Breaking off") };
}
