import { describe, expect, test } from "vitest";
import { whyNoLabs } from "../../../fixtures/lab-runner.ts";
import { nothingLeft } from "../../../fixtures/leftovers.ts";
import { killAt, type Victim } from "./kill-at.ts";
import { faultLab, withLabs } from "./labs.ts";
import { applyPoints, destroyPoints, type Point } from "./points.ts";
import { sceneOf } from "./scene.ts";

const full = (process.env["TERRARIUM_TEST_FULL"] ?? "") !== "";
const missing = await whyNoLabs();

interface Case {
  readonly victim: Victim;
  readonly apply: Point;
  readonly destroy: Point;
}

/** Every moment of apply and of destroy with every victim; both in one case, since making and removing a lab takes most of the time. */
function* matrix(): Generator<Case> {
  for (const victim of ["terrarium", "terraform", "both"] as const) {
    const killable = ({ terraform }: Point): boolean => terraform || victim === "terrarium";
    const [applies, destroys] = [applyPoints.filter(killable), destroyPoints.filter(killable)];
    for (let index = 0; index < Math.max(applies.length, destroys.length); index++) {
      const [apply, destroy] = [applies[index % applies.length], destroys[index % destroys.length]];
      if (apply && destroy) yield { victim, apply, destroy };
    }
  }
}

const named = (points: readonly Point[], name: string): Point => {
  const found = points.find((point) => point.name === name);
  if (!found) throw new Error(`There is no point "${name}"`);
  return found;
};

/** Where something would be lost first. */
const sample: readonly Case[] = [
  { victim: "terraform", apply: named(applyPoints, "a sandbox runs"), destroy: named(destroyPoints, "the disks are gone") },
];

describe.skipIf(missing !== undefined)("after a kill -9 the next run finishes, and nothing is left or lost", () => {
  const all = [...matrix()];
  const only = process.env["TERRARIUM_TEST_POINTS"]?.split(",").map(Number);
  const cases = only ? all.filter((_, index) => only.includes(index)) : full ? all : sample;
  test.each(cases)("of $victim when $apply.name, and in destroy when $destroy.name", async ({ victim, apply, destroy }) => {
    const left = await withLabs(async (labs) => {
      await labs.write(await faultLab());
      const scene = sceneOf(labs, "fl");
      const killed = await killAt(labs, ["apply", "--yes"], { scene, point: apply, victim });
      if (victim === "terraform") expect(killed).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("SIGKILL") });
      expect(await labs.run(["apply", "--yes"])).toMatchObject({ exitCode: 0 });
      expect(await labs.run(["plan", "--detailed-exitcode"])).toMatchObject({ exitCode: 0 });
      expect((await labs.virsh("list", "--name")).trim().split(/\s+/).sort()).toEqual(["fl-one", "fl-two"]);

      const stopped = await killAt(labs, ["destroy", "--yes"], { scene, point: destroy, victim });
      if (victim === "terraform") expect(stopped).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("SIGKILL") });
      expect(await labs.run(["destroy", "--yes"])).toMatchObject({ exitCode: 0 });
      expect(await labs.count()).toEqual(nothingLeft);
    });
    expect(left).toEqual(nothingLeft);
  });
});
