import type { Owner } from "../../../lib/hypervisor/hypervisor.ts";
import type { NetworkSpec, SandboxSpec } from "../../../lib/hypervisor/provisioning.ts";

/** Specifications that the driver's pure tests start from. */
export const owner: Owner = { deployment: "5f3a", lab: "shop", name: "web", provider: "terrarium", labels: { tier: "front", a: "<&\"'>" } };

export const networkSpec: NetworkSpec = {
  owner: { ...owner, name: "front", labels: {} },
  name: "shop-front",
  mode: "nat",
  cidr: "10.20.0.0/24",
  gateway: "10.20.0.1",
  domain: "front.shop.test",
  bridge: "trm-front-1k3x9",
  reservations: [
    { mac: "02:AA:00:00:00:0a", address: "10.20.0.10", name: "web" },
    { mac: "02:aa:00:00:00:0b", address: "10.20.0.11" },
  ],
  records: [{ address: "10.20.0.77", names: ["files", "files.front.shop.test"] }],
};

export const sandboxSpec: SandboxSpec = {
  owner,
  name: "shop-web",
  cpus: 2,
  memoryBytes: 512 * 2 ** 20,
  autostart: false,
  disks: ["/var/lib/terrarium/pools/5f3a-local/web.qcow2", "/var/lib/terrarium/pools/5f3a-local/web.data.qcow2"],
  seed: "/var/lib/terrarium/pools/5f3a-local/web.iso",
  nics: [
    { mac: "02:AA:00:00:00:0a", network: "id-front", address: "10.20.0.10" },
    { mac: "02:aa:00:00:01:0a", network: "id-back" },
  ],
  forwards: [],
};

export const networks = new Map([
  ["id-front", "shop-front"],
  ["id-back", "shop-back"],
]);

export const uuid = "6f9a3c53-5f1e-4b52-9d53-9a5d8f2f7a10";
