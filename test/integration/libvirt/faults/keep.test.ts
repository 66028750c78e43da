import { describe, expect, test } from "vitest";
import { whyNoLabs, type LabRunner } from "../../../fixtures/lab-runner.ts";
import { nothingLeft } from "../../../fixtures/leftovers.ts";
import { killAt, type Victim } from "./kill-at.ts";
import { faultLab, withLabs } from "./labs.ts";
import type { Point } from "./points.ts";
import { domains, sceneOf, volumes } from "./scene.ts";

const full = (process.env["TERRARIUM_TEST_FULL"] ?? "") !== "";
const missing = await whyNoLabs();

const points: readonly (Point & { readonly victim: Victim })[] = [
  { name: "the new disk is there", victim: "both", terraform: true, watch: (scene) => () => volumes(scene, ".qcow2").length > 1 },
  { name: "the new sandbox is defined", victim: "terraform", terraform: true, watch: (scene) => () => domains(scene).length > 1 },
  { name: "the new sandbox is defined", victim: "terrarium", terraform: true, watch: (scene) => () => domains(scene).length > 1 },
];

/** What a sandbox knows of its past: how often it booted, this boot, and a file that was written into it. */
async function past(labs: LabRunner): Promise<string> {
  const { stdout } = await labs.run([
    "exec",
    "one",
    "--",
    "cat",
    "/var/lib/tiny/boots",
    "/proc/sys/kernel/random/boot_id",
    "/var/lib/tiny/mark",
  ]);
  return stdout;
}

describe.skipIf(missing !== undefined)("a sandbox that is there", () => {
  test.each(full ? points : points.slice(0, 1))(
    "keeps its disk and is not even rebooted when $victim is killed as $name",
    async (point) => {
      const left = await withLabs(async (labs) => {
        await labs.write(await faultLab({ ready: "ssh", sandboxes: { one: {} } }));
        expect(await labs.run(["apply", "--yes"])).toMatchObject({ exitCode: 0 });
        expect(await labs.run(["exec", "one", "--", "sh", "-c", "echo kept > /var/lib/tiny/mark"])).toMatchObject({ exitCode: 0 });
        const before = await past(labs);
        expect(before).toMatch(/^1\n[0-9a-f-]{36}\nkept\n$/);

        await labs.write(await faultLab({ ready: "ssh", sandboxes: { one: {}, two: {} } }));
        await killAt(labs, ["apply", "--yes"], { scene: sceneOf(labs, "fl"), point, victim: point.victim });
        expect(await labs.run(["apply", "--yes"])).toMatchObject({ exitCode: 0 });
        expect(await past(labs)).toBe(before);
      });
      expect(left).toEqual(nothingLeft);
    },
  );
});
