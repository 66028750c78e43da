import { expect, test } from "vitest";
import { partOf } from "../../lib/review/addresses.ts";
import { address } from "../../stacks/emit/names.ts";

const sandbox = { host: "alpha-1", name: "web-1" };

function read(type: string, name: string): unknown {
  return partOf({ type, name });
}

test("every address that is emitted is read back as what it is", () => {
  expect(read("libvirt_domain", address.sandbox(sandbox))).toEqual({ kind: "domain", ...sandbox });
  expect(read("libvirt_volume", address.rootDisk(sandbox))).toEqual({ kind: "disk", ...sandbox, disk: "root" });
  expect(read("libvirt_volume", address.extraDisk(sandbox, "data-2"))).toEqual({ kind: "disk", ...sandbox, disk: "data-2" });
  expect(read("libvirt_volume", address.seed(sandbox))).toEqual({ kind: "seed", ...sandbox });
  expect(read("libvirt_network", address.network(sandbox))).toEqual({ kind: "network", ...sandbox });
  expect(read("terraform_data", address.sandbox(sandbox))).toEqual({ kind: "sandbox trigger", ...sandbox });
  expect(read("terraform_data", address.network(sandbox))).toEqual({ kind: "network trigger", ...sandbox });
  for (const [type, name] of [
    ["libvirt_pool", address.pool("alpha-1")],
    ["terraform_data", address.deployment],
    ["terraform_data", address.prepare],
    ["terraform_data", address.lab],
    ["terraform_data", "ready"],
    ["terraform_data", "ready_2"],
  ] as const) {
    expect(read(type, name)).toEqual({ kind: "record" });
  }
});

test("what a stack has beside the lab is no part of it", () => {
  for (const [type, name] of [
    ["aws_instance", "sandbox_alpha_web"],
    ["libvirt_domain", "mine"],
    ["libvirt_domain", "sandbox_alpha_web_more"],
    ["libvirt_volume", "disk_a_b_c_d"],
    ["terraform_data", "mine"],
  ] as const) {
    expect(partOf({ type, name })).toBeUndefined();
  }
  expect(partOf({ type: "libvirt_domain", name: "sandbox_alpha_web", module_address: "module.other" })).toBeUndefined();
});
