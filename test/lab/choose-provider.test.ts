import { expect, test } from "vitest";
import type { WrittenLab } from "../../lib/lab/written-lab.ts";
import type { NormalizeOptions } from "../../lib/lab/normalize-lab.ts";
import { labOf, normalized, said } from "./lab-fixtures.ts";

const lab = labOf({ web: {} });

/** `hypervisor/provider` of the normalized lab. */
function engine(rest: Partial<WrittenLab>, options: NormalizeOptions = {}): string {
  const { hypervisor, provider } = normalized({ ...lab, ...rest }, options).lab;
  return `${hypervisor}/${provider}`;
}

test("kvm and libvirt are the defaults, virtualbox is always made by our own provider", () => {
  expect(engine({})).toBe("kvm/libvirt");
  expect(engine({ provider: "terrarium" })).toBe("kvm/terrarium");
  expect(engine({ hypervisor: "virtualbox" })).toBe("virtualbox/terrarium");
  expect(engine({ hypervisor: "virtualbox", provider: "terrarium" })).toBe("virtualbox/terrarium");
});

test("virtualbox with another provider is an error, wherever virtualbox comes from", () => {
  const written: WrittenLab = { ...lab, provider: "libvirt" };
  expect(said({ ...written, hypervisor: "virtualbox" })).toEqual(["CONFLICTING_KEYS provider"]);
  expect(said(written, { hypervisorFromEnvironment: "vbox" })).toEqual(["CONFLICTING_KEYS provider"]);
});

test("the environment chooses where lab and lock are silent", () => {
  expect(engine({}, { hypervisorFromEnvironment: "kvm" })).toBe("kvm/libvirt");
  expect(engine({}, { hypervisorFromEnvironment: "" })).toBe("kvm/libvirt");
  expect(engine({}, { hypervisorFromEnvironment: "vbox" })).toBe("virtualbox/terrarium");
  expect(said(lab, { hypervisorFromEnvironment: "xen" })).toEqual(["HYPERVISOR_UNSUPPORTED hypervisor"]);
});

test("where one of them speaks, the environment does not count", () => {
  expect(engine({ hypervisor: "kvm" }, { hypervisorFromEnvironment: "vbox" })).toBe("kvm/libvirt");
  expect(engine({}, { lock: normalized(lab).lock, hypervisorFromEnvironment: "vbox" })).toBe("kvm/libvirt");
});

test("the lock keeps the choice", () => {
  const { lock } = normalized({ ...lab, hypervisor: "virtualbox" });
  expect(lock).toMatchObject({ hypervisor: "virtualbox", provider: "terrarium" });
  expect(engine({}, { lock })).toBe("virtualbox/terrarium");
  expect(engine({}, { lock: normalized({ ...lab, provider: "terrarium" }).lock })).toBe("kvm/terrarium");
});

test("a choice other than the lock's is a notice", () => {
  const lock = { ...normalized(lab).lock, hypervisor: "virtualbox", provider: "terrarium" };
  expect(said({ ...lab, hypervisor: "kvm", provider: "libvirt" }, { lock })).toEqual([
    "LAB_HYPERVISOR_CHANGED hypervisor",
    "LAB_PROVIDER_CHANGED provider",
  ]);
});

test("a lock whose choice this version does not know is an error", () => {
  expect(said(lab, { lock: { ...normalized(lab).lock, provider: "other" } })).toEqual(["HYPERVISOR_UNSUPPORTED provider"]);
});
