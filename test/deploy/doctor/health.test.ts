import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { renderHealth } from "../../../lib/cli/output/health.ts";
import { fine, unwell, worst } from "../../../lib/deploy/doctor/health.ts";
import { diskHealth, leftoverHealth } from "../../../lib/deploy/doctor/host-health.ts";
import { exampleLab } from "../../../lib/deploy/doctor/lab-health.ts";
import { virtualizationHealth } from "../../../lib/deploy/doctor/machine-health.ts";
import type { ReachedHost } from "../../../lib/deploy/reach-hosts.ts";
import { memoryHypervisor } from "../../../lib/hypervisor/memory/memory-hypervisor.ts";
import { temporaryFolder, runTerrarium } from "../../cli/run-terrarium.ts";

const low = unwell("disk", { code: "DISK_LOW", severity: "warning", summary: "only 3 GiB free", nextStep: "Make room." }, "local");

test("the worst of all findings is the verdict", () => {
  expect(worst([])).toBe("fine");
  expect(worst([fine("a", "b"), low, { ...low, verdict: "notice" }])).toBe("warning");
});

test("people read the worst last, each with what to do", () => {
  expect(renderHealth([low, fine("engine", "Terraform 1.11.4")])).toBe(
    [
      "fine     engine       Terraform 1.11.4",
      "warning  local: disk  only 3 GiB free (DISK_LOW)",
      "                      → Make room.",
      "",
    ].join("\n"),
  );
});

test("virtualization: a guest that speaks proves it, a silent one and a missing device are told with their remedies", async () => {
  const folder = await mkdtemp(join(tmpdir(), "trm-kvm-"));
  onTestFinished(async () => await rm(folder, { recursive: true, force: true }));
  const [device, cpuinfo] = [join(folder, "kvm"), join(folder, "cpuinfo")];
  await writeFile(cpuinfo, "flags\t\t: fpu svm sse2\n");
  expect(await virtualizationHealth({ device, cpuinfo })).toMatchObject([
    { verdict: "warning", code: "KVM_UNAVAILABLE", nextStep: expect.stringContaining("sudo modprobe kvm_amd") as string },
  ]);
  await writeFile(cpuinfo, "flags\t\t: fpu sse2\n");
  expect(await virtualizationHealth({ device, cpuinfo })).toMatchObject([
    { code: "KVM_UNAVAILABLE", nextStep: expect.stringContaining("nested") as string },
  ]);
  await writeFile(device, "");
  expect(await virtualizationHealth({ device, cpuinfo, probe: async () => "it did not speak within 3 s" })).toMatchObject([
    { code: "KVM_BROKEN" },
  ]);
  expect(await virtualizationHealth({ device, cpuinfo, probe: async () => undefined })).toMatchObject([{ verdict: "fine" }]);
});

test("room is told once for each file system, and folders that are not there do not count", async () => {
  const found = await diskHealth("local", [tmpdir(), tmpdir(), "/no/such/folder"]);
  expect(found).toMatchObject([{ check: "disk", host: "local", found: expect.stringMatching(/\d+ GiB free at /) as string }]);
});

test("networks of a deployment without a sandbox are leftovers that prune takes, and this folder's own are not", async () => {
  const hypervisor = memoryHypervisor();
  const owner = { deployment: "0123456789abcdef", lab: "old", name: "front", provider: "libvirt", labels: {} };
  await hypervisor.createNetwork({ name: "old-front", owner, mode: "none", bridge: "trm-front-12345", reservations: [], records: [] });
  const host: ReachedHost = { name: "local", uri: "memory", hypervisor, isHere: true, release: async () => {} };
  expect(await leftoverHealth(host, undefined)).toMatchObject([
    { code: "LEFTOVERS_FOUND", detail: "lab old, deployment 0123456789abcdef: old-front", nextStep: "Run: terrarium prune --host local" },
  ]);
  expect(await leftoverHealth(host, owner.deployment)).toMatchObject([{ verdict: "fine" }]);
});

test("where there is no lab, one network of an example stands for it", () => {
  expect(Object.values(exampleLab("kvm").networks)).toMatchObject([{ name: "example", mode: "nat" }]);
});

test("a lab that is not in order, and an engine that is not there, are findings and the exit code", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "lab.yaml"), "lab: demo\nsandboxes: { web: { image: none } }\n");
  const env = { TERRARIUM_HOST_DIR: join(folder, "h"), TERRAFORM_BINARY_NAME: "no-such-terraform", HYPERVISOR: "kvm" };
  const { exitCode, stdout } = await runTerrarium(folder, ["doctor", "--json"], env);
  expect(exitCode).toBe(1);
  const { ok, worst: verdict, health } = JSON.parse(stdout) as { ok: boolean; worst: string; health: readonly { code?: string }[] };
  expect({ ok, verdict }).toEqual({ ok: false, verdict: "error" });
  expect(health.map(({ code }) => code)).toEqual(expect.arrayContaining(["ENGINE_MISSING", "UNKNOWN_IMAGE"]));
});
