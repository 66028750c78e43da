import { expect, test } from "vitest";
import { normalizeLab } from "../../../lib/lab/normalize-lab.ts";
import type { WrittenLab, WrittenSandbox } from "../../../lib/lab/written-lab.ts";
import { LabStack, Sandbox, Size, Testing, type LabJson } from "../../../lib/index.ts";
import { synthesizeLab } from "../../../stacks/synthesize-lab.ts";

const labOf = (web: WrittenSandbox, more: Partial<WrittenLab> = {}): WrittenLab => ({
  lab: "roomy",
  provider: "terrarium",
  images: { base: { path: "base.qcow2", sha256: "a".repeat(64) } },
  defaults: { image: "base", memory: "1GiB", cpus: 2 },
  sandboxes: { web },
  ...more,
});

const told = (web: WrittenSandbox, more?: Partial<WrittenLab>) =>
  normalizeLab(labOf(web, more)).diagnostics.filter(({ severity }) => severity === "error");

test("limits at or above what they limit are taken, also from defaults", () => {
  const { value } = normalizeLab(labOf({ maxCpus: 2 }, { defaults: { image: "base", maxMemory: "1GiB" } }));
  expect(value?.lab.sandboxes["web"]).toMatchObject({ cpus: 1, maxCpus: 2, memory: 2 ** 30, maxMemory: 2 ** 30 });
});

test("a limit below what it limits is refused at its place", () => {
  expect(told({ maxCpus: 1, maxMemory: "512MiB" })).toMatchObject([
    { code: "LIMIT_TOO_LOW", path: ["sandboxes", "web", "maxCpus"], summary: 'sandbox "web" has 2 CPUs, and a limit of 1 CPUs' },
    { code: "LIMIT_TOO_LOW", path: ["sandboxes", "web", "maxMemory"] },
  ]);
});

test.each([
  [{ hypervisor: "virtualbox" }, /hypervisor: kvm/],
  [{ provider: "libvirt" }, /provider: terrarium/],
] as const)("%j cannot change them live, and says what can", (engine, way) => {
  const { provider: _ours, ...written } = labOf({ maxCpus: 4, maxMemory: "4GiB" });
  const { diagnostics } = normalizeLab({ ...written, ...engine });
  expect(diagnostics).toMatchObject([
    { code: "HYPERVISOR_UNSUPPORTED", path: ["sandboxes", "web", "maxCpus"] },
    { code: "HYPERVISOR_UNSUPPORTED", path: ["sandboxes", "web", "maxMemory"] },
  ]);
  for (const { nextStep } of diagnostics) expect(nextStep).toMatch(way);
});

test("they are emitted where they are written, in YAML and TypeScript alike, and nowhere else", () => {
  const emitted = (written: WrittenLab): unknown => {
    const { terraformJson = "{}" } = synthesizeLab(written);
    return (JSON.parse(terraformJson) as LabJson).resource["terrarium_sandbox"]?.["sandbox_local_web"];
  };
  expect(emitted(labOf({ maxCpus: 4, maxMemory: "4GiB" }))).toMatchObject({ cpus: 2, max_cpus: 4, memory: "1GiB", max_memory: "4GiB" });
  expect(Object.keys(emitted(labOf({})) as object).filter((key) => key.startsWith("max_"))).toEqual([]);
  const { sandboxes: _none, lab: _name, ...props } = labOf({});
  const stack = new LabStack(Testing.scope(), "roomy", props);
  new Sandbox(stack, "web", { maxCpus: 4, maxMemory: Size.gibibytes(4) });
  expect(Testing.synth(stack).resource["terrarium_sandbox"]?.["sandbox_local_web"]).toMatchObject({ max_cpus: 4, max_memory: "4GiB" });
});
