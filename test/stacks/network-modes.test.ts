import { expect, test } from "vitest";
import type { LabJson } from "../../lib/index.ts";
import type { WrittenLab } from "../../lib/lab/written-lab.ts";
import { synthesizeLab } from "../../stacks/synthesize-lab.ts";

const lab: WrittenLab = {
  lab: "modes",
  images: { base: { bootstrap: { suite: "bookworm" } } },
  defaults: { image: "base" },
  networks: {
    dmz: { mode: "routed", cidr: "10.20.0.0/24" },
    lan: { mode: "bridged", bridge: "br0", vlan: 42, openvswitch: true },
    near: { mode: "bridged", interface: "eth0" },
    wire: { mode: "none" },
  },
  sandboxes: { web: { networks: ["dmz", "lan", "near", "wire"] } },
};

function json(written: WrittenLab): LabJson["resource"] {
  const { terraformJson, diagnostics } = synthesizeLab(written);
  if (terraformJson === undefined) throw new Error(JSON.stringify(diagnostics));
  return (JSON.parse(terraformJson) as LabJson).resource;
}

const deploymentMac =
  /^02:\$\{substr\(terraform_data\.deployment\.output, 0, 2\)\}:\$\{substr\(terraform_data\.deployment\.output, 2, 2\)\}(:[0-9a-f]{2}){3}$/;

test("dmacvicar/libvirt gets each mode in libvirt's form, and MACs of bridged NICs from the deployment", () => {
  const { libvirt_network: networks = {}, libvirt_domain: domains = {} } = json(lab);
  expect(networks["network_local_dmz"]).toMatchObject({ forward: { mode: "route" }, ips: [{ address: "10.20.0.1" }] });
  expect(networks["network_local_lan"]).toMatchObject({
    forward: { mode: "bridge" },
    bridge: { name: "br0" },
    vlan: { tags: [{ id: 42 }] },
    virtual_port: { params: { open_v_switch: {} } },
  });
  expect(networks["network_local_near"]).toMatchObject({ forward: { mode: "bridge", interfaces: [{ dev: "eth0" }] } });
  for (const bare of ["lan", "near", "wire"]) expect(networks[`network_local_${bare}`]).not.toHaveProperty("ips");
  expect(networks["network_local_wire"]).not.toHaveProperty("forward");
  const { devices } = domains["sandbox_local_web"] as { devices: { interfaces: { mac: { address: string } }[] } };
  const macs = devices.interfaces.map(({ mac }) => mac.address);
  expect(macs.map((mac) => deploymentMac.test(mac))).toEqual([false, true, true, false]);
});

test("our own provider gets the same, without addresses where it gives none", () => {
  const { terrarium_network: networks = {}, terrarium_sandbox: sandboxes = {} } = json({ ...lab, provider: "terrarium" });
  expect(networks["network_local_dmz"]).toMatchObject({ mode: "routed", cidr: "10.20.0.0/24", gateway: "10.20.0.1" });
  expect(networks["network_local_lan"]).toMatchObject({ mode: "bridged", bridge: "br0", vlan: 42, openvswitch: true });
  expect(networks["network_local_near"]).toMatchObject({ mode: "bridged", interface: "eth0" });
  for (const bare of ["lan", "near", "wire"]) expect(networks[`network_local_${bare}`]).not.toHaveProperty("cidr");
  const { nics } = sandboxes["sandbox_local_web"] as { nics: { mac: string; address?: string }[] };
  expect(nics.map(({ address }) => address !== undefined)).toEqual([true, false, false, false]);
  expect(nics.map(({ mac }) => deploymentMac.test(mac))).toEqual([false, true, true, false]);
});
