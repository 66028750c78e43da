import { existsSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeLabRunner, tinyLab, whyNoLabs, type LabRunner, type Run } from "../../fixtures/lab-runner.ts";
import { privateVirtualBox, type PrivateVirtualBox } from "../../fixtures/virtualbox/private-host.ts";

/** The command on a real VirtualBox. Where its kernel driver is missing, everything works up to the power-on, and then that is said. */
const why = await whyNoLabs("terrarium");
const canRun = existsSync("/dev/vboxdrv");
let box: PrivateVirtualBox;
let labs: LabRunner;

beforeAll(async () => {
  if (why !== undefined) return;
  box = await privateVirtualBox();
  labs = await makeLabRunner();
  const networks = { front: { cidr: "10.77.9.0/24" }, back: { mode: "isolated" } };
  const web = { networks: ["front", "back"], disks: [{ name: "data", size: "16MiB" }] };
  // The host is written for KVM: the hypervisor is the only edit.
  await labs.write(await tinyLab({ lab: "boxed", hypervisor: "virtualbox", networks, sandboxes: { web } }));
});

afterAll(async () => {
  await labs?.dispose();
  await box?.remove();
});

/** Its own registry and daemon, and its files where HOME is. */
async function run(...args: readonly string[]): Promise<Run> {
  return await labs.run(args, { env: { ...box.options.environment, VBOX_MANAGE_PATH: box.options.program, HOME: box.scratch } });
}

const machines = async () => (await box.manage("list", "vms")).split("\n").filter((line) => line.startsWith('"boxed-'));

test.skipIf(why ?? canRun)("without the kernel driver an apply makes everything, and says why nothing starts and what to do", async () => {
  const { exitCode, stderr } = await run("apply", "--yes", "--no-wait");
  expect({ exitCode, stderr }).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(/error DRIVER_MISSING: .*kernel driver/) as string,
  });
  expect(stderr).toMatch(/→ .*vboxconfig/);
  expect(await machines()).toHaveLength(1);
  expect(await run("status")).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^web +off /m) as string });
  expect(await run("list")).toMatchObject({ stdout: expect.stringMatching(/boxed .* 0 of 1 running +2/) as string });
});

test.skipIf(why ?? !canRun)(
  "a lab on VirtualBox gets ready, is reached through its forwarded port, and its second plan is empty",
  async () => {
    expect(await run("apply", "--yes")).toMatchObject({ exitCode: 0 });
    expect(await run("exec", "web", "--", "hostname")).toMatchObject({ exitCode: 0, stdout: "web\n" });
    expect(await run("plan", "--detailed-exitcode")).toMatchObject({ exitCode: 0 });
  },
);

test.skipIf(why)("destroy leaves the image for the next lab, and nothing else", async () => {
  expect(await run("destroy", "--yes")).toMatchObject({ exitCode: 0 });
  expect(await machines()).toEqual([]);
  expect(await box.manage("list", "natnetworks")).not.toContain("boxed-");
  expect((await box.manage("list", "hdds")).match(/^Location: .*/gm)?.filter((line) => !line.includes("/images/"))).toEqual([]);
});
