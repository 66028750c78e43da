import { expect, test } from "vitest";
import type { LabJson } from "../../lib/index.ts";
import type { WrittenLab } from "../../lib/lab/written-lab.ts";
import { synthesizeLab } from "../../stacks/synthesize-lab.ts";

const lab: WrittenLab = {
  lab: "settings",
  images: { base: { bootstrap: { suite: "bookworm" } } },
  defaults: { image: "base" },
  networks: {
    front: {
      mtu: 1400,
      stp: false,
      ports: "20000-29999",
      dns: { servers: ["10.1.1.1"], records: { "a.test": "10.9.9.9", "b.test": "10.9.9.9", "c.test": "10.9.9.8" } },
    },
    plain: {},
  },
  sandboxes: { web: { networks: ["front", "plain"] } },
};

function resources(written: WrittenLab): LabJson["resource"] {
  const { terraformJson, diagnostics } = synthesizeLab(written);
  if (terraformJson === undefined) throw new Error(JSON.stringify(diagnostics));
  return (JSON.parse(terraformJson) as LabJson).resource;
}

test("dmacvicar/libvirt gets a network's settings in libvirt's form", () => {
  const { libvirt_network: networks = {} } = resources(lab);
  expect(networks["network_local_front"]).toMatchObject({
    mtu: { size: 1400 },
    bridge: { stp: "off" },
    forward: { nat: { ports: [{ start: 20_000, end: 29_999 }] } },
    dns: {
      forwarders: [{ addr: "10.1.1.1" }],
      host: [
        { ip: "10.9.9.9", hostnames: [{ hostname: "a.test" }, { hostname: "b.test" }] },
        { ip: "10.9.9.8", hostnames: [{ hostname: "c.test" }] },
      ],
    },
  });
  expect(networks["network_local_plain"]).toMatchObject({
    bridge: { stp: "on" },
    forward: { nat: { ports: [{ start: 1024, end: 65_535 }] } },
  });
  for (const key of ["mtu", "dns"]) expect(networks["network_local_plain"]).not.toHaveProperty(key);
});

test("our own provider gets the same", () => {
  const { terrarium_network: networks = {} } = resources({ ...lab, provider: "terrarium" });
  expect(networks["network_local_front"]).toMatchObject({
    mtu: 1400,
    stp: false,
    nat_ports: "20000-29999",
    dns_servers: ["10.1.1.1"],
    records: { "a.test": "10.9.9.9", "b.test": "10.9.9.9", "c.test": "10.9.9.8" },
  });
  for (const key of ["mtu", "stp", "nat_ports", "dns_servers", "records"]) expect(networks["network_local_plain"]).not.toHaveProperty(key);
});

test("on VirtualBox the MTU is the guests' alone", () => {
  const { terrarium_network: networks = {} } = resources({
    ...lab,
    hypervisor: "virtualbox",
    networks: { front: { mtu: 1400 } },
    sandboxes: { web: { networks: ["front"] } },
  });
  expect(networks["network_local_front"]).not.toHaveProperty("mtu");
});
