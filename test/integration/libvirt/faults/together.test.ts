import { describe, expect, test } from "vitest";
import { whyNoLabs } from "../../../fixtures/lab-runner.ts";
import { nothingLeft } from "../../../fixtures/leftovers.ts";
import { reach } from "./kill-at.ts";
import { faultLab, withLabs } from "./labs.ts";
import { applyPoints } from "./points.ts";
import { sceneOf, textOf } from "./scene.ts";

const missing = await whyNoLabs();
const sandboxes = { one: {} };

describe.skipIf(missing !== undefined)("at the same time", () => {
  test("one lab has one command; two labs on one host do not disturb each other", { timeout: 1_800_000 }, async () => {
    const left = await withLabs(async (labs) => {
      const there = labs.folder("other");
      await labs.write(await faultLab({ lab: "ours", sandboxes }));
      await labs.write(await faultLab({ lab: "theirs", sandboxes }), there);
      const scene = sceneOf(labs, "ours");

      const [ours, theirs] = [labs.start(["apply", "--yes"]), labs.start(["apply", "--yes"], { cwd: there })];
      await reach(ours, () => textOf(`${scene.state.root}/lock`) !== "", "the lab is taken");
      const second = await labs.run(["apply", "--yes"]);
      expect(second).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("STILL_RUNNING") });
      expect(second.stderr).toContain(`process ${ours.pid}`);
      expect(await ours).toMatchObject({ exitCode: 0 });
      expect(await theirs).toMatchObject({ exitCode: 0 });
      expect((await labs.virsh("list", "--name")).trim().split(/\s+/).sort()).toEqual(["ours-one", "theirs-one"]);

      // The host was brought up on demand: the other lab's destroy must not take it from an apply that has made nothing yet.
      expect(await labs.run(["destroy", "--yes"], { cwd: there })).toMatchObject({ exitCode: 0 });
      const plans = applyPoints.find(({ name }) => name === "Terraform plans")?.watch(sceneOf({ ...labs, directory: there }, "theirs"));
      const apply = labs.start(["apply", "--yes"], { cwd: there });
      await reach(apply, plans ?? (() => false), "Terraform plans");
      const destroy = await labs.run(["destroy", "--yes"]);
      expect(destroy).toMatchObject({ exitCode: 0 });
      expect(await apply).toMatchObject({ exitCode: 0 });
      expect((await labs.virsh("list", "--name")).trim()).toBe("theirs-one");
    });
    expect(left).toEqual(nothingLeft);
  });
});
