import { expect, test } from "vitest";
import { networkConfig } from "../../lib/cloud-init/network-config.ts";
import { seedIntent } from "../../lib/deploy/materialize-seed.ts";
import { managementMac } from "../../lib/hypervisor/virtualbox/management-nic.ts";
import { generateDeploymentKey } from "../../lib/ssh/deployment-key.ts";
import { labOf, normalized } from "../lab/lab-fixtures.ts";

const material = { key: generateDeploymentKey(), reveal: () => "" };
const sandboxes = { alone: { networks: ["back"] }, web: { networks: ["front", "back"] } };
const networks = { front: { mode: "nat" }, back: { mode: "isolated" } } as const;

function nicsOf(hypervisor: "kvm" | "virtualbox", name: string) {
  const { lab } = normalized(labOf(sandboxes, { hypervisor, networks }));
  const sandbox = lab.sandboxes[name];
  if (!sandbox) throw new Error(`there is no sandbox ${name}`);
  return seedIntent(lab, sandbox, material);
}

test("a sandbox on VirtualBox that no NAT network leads to is told of the NIC through which we log in, without its routes", () => {
  const intent = nicsOf("virtualbox", "alone");
  const [back, ours, ...more] = intent.nics;
  expect(more).toEqual([]);
  expect(back?.name).toBe("back");
  expect(ours).toMatchObject({ mac: managementMac({ name: "test-alone", nics: back ? [back] : [] }), defaultRoute: false });
  expect(networkConfig(intent)).toMatch(/terrarium0.*use-routes"?: false/s);
});

test("nobody else has that NIC", () => {
  expect(nicsOf("virtualbox", "web").nics.map(({ name }) => name)).toEqual(["front", "back"]);
  expect(nicsOf("kvm", "alone").nics.map(({ name }) => name)).toEqual(["back"]);
});
