import { rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { whyNoLabs } from "../../../fixtures/lab-runner.ts";
import { nothingLeft } from "../../../fixtures/leftovers.ts";
import { reach } from "./kill-at.ts";
import { faultLab, withLabs } from "./labs.ts";
import { deploymentOf, domains, running, sceneOf, textOf, volumes, type Scene } from "./scene.ts";

const missing = await whyNoLabs();

/** The host's libvirtd, and the guests' processes. */
const daemon = ({ host }: Scene): number => Number(textOf(join(host.directory, "libvirtd.pid")));
const guest = ({ host }: Scene, name: string): string => textOf(join(host.run, "qemu", `${name}.pid`));

describe.skipIf(missing !== undefined)("a host", () => {
  test(
    "whose libvirtd is killed between and during commands is healed by the next one, and a lab whose state was deleted can be removed",
    { timeout: 1_800_000 },
    async () => {
      const left = await withLabs(async (labs) => {
        const scene = sceneOf(labs, "fl");
        await labs.write(await faultLab({ sandboxes: { one: {} } }));
        expect(await labs.run(["apply", "--yes"])).toMatchObject({ exitCode: 0 });
        const before = guest(scene, "fl-one");

        process.kill(daemon(scene), "SIGKILL");
        await labs.write(await faultLab());
        const apply = labs.start(["apply", "--yes"]);
        await reach(apply, () => volumes(scene, ".qcow2").length > 1, "the second disk is there");
        process.kill(daemon(scene), "SIGKILL");
        const broken = await apply;
        expect(broken).toMatchObject({ exitCode: 1 });
        expect(broken.stderr).not.toMatch(/UNEXPECTED|at .*\.(ts|js):\d+/);

        expect(await labs.run(["apply", "--yes", "--allow-loss", "one"])).toMatchObject({ exitCode: 0 });
        expect(running(scene).sort()).toEqual(["fl-one.pid", "fl-two.pid"]);
        expect(await labs.run(["plan", "--detailed-exitcode"])).toMatchObject({ exitCode: 0 });
        expect(before).not.toBe("");

        const lost = deploymentOf(scene);
        await rm(join(labs.directory, ".terrarium"), { recursive: true });
        const stranger = await labs.run(["apply", "--yes"]);
        expect(stranger).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("STRANGER") });
        expect(stranger.stderr).toContain(`terrarium prune --deployment ${lost}`);
        const listed = await labs.run(["list", "--json"]);
        expect(listed).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(String(lost)) });
        expect(await labs.run(["prune", "--deployment", String(lost), "--yes"])).toMatchObject({ exitCode: 0 });
        expect(domains(scene)).toEqual([]);
      });
      expect(left).toEqual(nothingLeft);
    },
  );
});
