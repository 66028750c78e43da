import { expect, test } from "vitest";
import { hostVariables, type DeployHost } from "../../lib/deploy/hosts.ts";
import { intendedObjects, isAdopted } from "../../lib/deploy/journal.ts";
import type { Plan } from "../../lib/terraform/plan.ts";
import { labOf, normalized } from "../lab/lab-fixtures.ts";

const { lab } = normalized(labOf({ web: { disks: [{ name: "data", size: "1GiB" }] } }, { provider: "terrarium" }));

function creating(type: string, name: string, after: object): NonNullable<Plan["resource_changes"]>[number] {
  return {
    address: `${type}.${name}`,
    mode: "managed",
    type,
    name,
    provider_name: "terrarium.internal/terrarium/terrarium",
    change: { actions: ["create"], before: null, after: { ...after } },
  };
}

test("the journal has our provider's objects under their names on the host, and nothing of them is removed after a kill", () => {
  const plan: Plan = {
    format_version: "1.2",
    resource_changes: [
      creating("terrarium_sandbox", "sandbox_local_web", { name: "web" }),
      creating("terrarium_network", "network_local_web", { name: "web" }),
      creating("terrarium_disk", "disk_local_web_data", { name: "web.data" }),
    ],
  };
  const intended = intendedObjects(plan, lab, "d0");
  expect(intended.map(({ kind, name }) => `${kind} ${name}`)).toEqual(["domain test-web", "network test-web", "volume web.data"]);
  expect(intended.every(isAdopted)).toBe(true);
  expect(isAdopted({ address: "libvirt_domain.sandbox_local_web" })).toBe(false);
});

test("each provider gets the facts of a host that its block has", () => {
  const hosts = [{ name: "local", uri: "qemu:///system", accelerator: "tcg" }] as unknown as DeployHost[];
  expect(hostVariables(lab, hosts)).toEqual({ host_local_uri: "qemu:///system", host_local_accelerator: "emulation" });
  expect(Object.keys(hostVariables({ provider: "libvirt", hypervisor: "kvm" }, hosts))).toEqual([
    "host_local_uri",
    "host_local_domain_type",
    "host_local_cpu_mode",
  ]);
  expect(hostVariables({ provider: "terrarium", hypervisor: "virtualbox" }, hosts)).toEqual({});
});
