import { expect, test } from "vitest";
import { whyNoLabs } from "../../../fixtures/lab-runner.ts";
import { nothingLeft } from "../../../fixtures/leftovers.ts";
import { faultLab, withLabs } from "./labs.ts";

const missing = await whyNoLabs();

test.skipIf(missing !== undefined)("a sandbox that was shut down for an apply that then fails is started again, as it was", async () => {
  const left = await withLabs(async (labs) => {
    await labs.write(await faultLab({ ready: "ssh", sandboxes: { one: {} } }));
    expect(await labs.run(["apply", "--yes"])).toMatchObject({ exitCode: 0 });
    await labs.write(await faultLab({ ready: "ssh", sandboxes: { one: { cpus: 2 } } }));
    expect(await labs.run(["plan", "--out", "saved.plan"])).toMatchObject({ exitCode: 0 });
    const [id, disks] = [await labs.virsh("domuuid", "fl-one"), await labs.virsh("domblklist", "fl-one")];

    // Terraform refuses a saved plan once something else was applied: by then the sandbox is off.
    await labs.write(await faultLab({ ready: "ssh", sandboxes: { one: {}, two: { ready: "none" } } }));
    expect(await labs.run(["apply", "--yes"])).toMatchObject({ exitCode: 0 });
    const boot = await labs.virsh("domid", "fl-one");
    const failed = await labs.run(["apply", "--plan", "saved.plan"]);
    expect(failed).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("PLAN_STALE") });
    expect(failed.stderr).toContain("started again");

    expect(await labs.virsh("domstate", "fl-one")).toContain("running");
    // Another run of the same domain with the same disks.
    expect(await labs.virsh("domid", "fl-one")).not.toBe(boot);
    expect(await labs.virsh("domuuid", "fl-one")).toBe(id);
    expect(await labs.virsh("domblklist", "fl-one")).toBe(disks);
    expect(await labs.run(["wait", "one"])).toMatchObject({ exitCode: 0 });
    expect(await labs.run(["plan", "--detailed-exitcode"])).toMatchObject({ exitCode: 0 });
  });
  expect(left).toEqual(nothingLeft);
});
