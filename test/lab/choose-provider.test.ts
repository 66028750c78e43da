import { expect, test } from "vitest";
import { labOf, normalized, said } from "./lab-fixtures.ts";

const lab = labOf({ web: {} });

test("the environment chooses where lab and lock are silent", () => {
  expect(said(lab, { hypervisorFromEnvironment: "kvm" })).toEqual([]);
  expect(said(lab, { hypervisorFromEnvironment: "" })).toEqual([]);
  expect(said(lab, { hypervisorFromEnvironment: "vbox" })).toEqual(["HYPERVISOR_UNSUPPORTED hypervisor"]);
});

test("where one of them speaks, the environment does not count", () => {
  expect(said({ ...lab, hypervisor: "kvm" }, { hypervisorFromEnvironment: "vbox" })).toEqual([]);
  expect(said(lab, { lock: normalized(lab).lock, hypervisorFromEnvironment: "vbox" })).toEqual([]);
});

test("a choice other than the lock's is a notice", () => {
  const lock = { ...normalized(lab).lock, hypervisor: "virtualbox", provider: "terrarium" };
  expect(said({ ...lab, hypervisor: "kvm", provider: "libvirt" }, { lock })).toEqual([
    "LAB_HYPERVISOR_CHANGED hypervisor",
    "LAB_PROVIDER_CHANGED provider",
  ]);
});

test("a lock whose choice this version does not know is an error", () => {
  const lock = { ...normalized(lab).lock, provider: "terrarium" };
  expect(said(lab, { lock })).toEqual(["HYPERVISOR_UNSUPPORTED provider"]);
});
