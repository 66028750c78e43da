import { expect, test } from "vitest";
import { parseAddresses } from "../../lib/hypervisor/kvm/addresses.ts";
import { sandboxState } from "../../lib/hypervisor/kvm/domain-state.ts";
import { parseDomstats } from "../../lib/hypervisor/kvm/domstats.ts";
import { readNetwork } from "../../lib/hypervisor/kvm/networks.ts";
import { readDomain } from "../../lib/hypervisor/kvm/read-domain.ts";

const owner = `<metadata><x:other xmlns:x="urn:x"/><t:terrarium xmlns:t="https://terrarium.internal/xmlns/1" deployment="d" lab="l" name="web" provider="libvirt"><t:label key="a">1 &lt; 2</t:label><t:label key="b"/></t:terrarium></metadata>`;

const domain = `<domain type='kvm' id='3'><name>l-web</name><uuid>u</uuid>${owner}<memory unit='KiB'>786432</memory><vcpu placement='static'>2</vcpu><devices>
<disk type='file' device='disk'><source file='/p/web.qcow2'/><target dev='vda' bus='virtio'/></disk>
<disk type='file' device='cdrom'><target dev='sda' bus='scsi'/></disk>
<interface type='network'><mac address='52:54:00:AA:00:01'/><source network='n'/><target dev='vnet4'/></interface>
<interface type='bridge'><mac address='52:54:00:aa:00:02'/><source bridge='br0'/></interface>
<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0' state='connected'/></channel>
</devices></domain>`;

const stats = parseDomstats("Domain: 'l-web'\n  state.state=3\n  state.reason=5\n\nDomain: 'other'\n  state.state=5\n  state.reason=1\n\n");

test("a domain is read in the user's words", () => {
  expect(readDomain(domain, stats, true)).toEqual({
    id: "u",
    name: "l-web",
    owner: { deployment: "d", lab: "l", name: "web", provider: "libvirt", labels: { a: "1 < 2", b: "" } },
    state: "paused",
    reason: "ioerror",
    cpus: 2,
    memoryBytes: 768 * 2 ** 20,
    autostart: true,
    emulated: false,
    nics: [
      { mac: "52:54:00:aa:00:01", network: "n", device: "vnet4" },
      { mac: "52:54:00:aa:00:02", bridge: "br0" },
    ],
    disks: [
      { target: "vda", file: "/p/web.qcow2", kind: "disk" },
      { target: "sda", kind: "cdrom" },
    ],
    agent: "connected",
  });
});

test("a domain of somebody else has no owner, and one without state counts as off", () => {
  const record = readDomain("<domain type='qemu'><name>x</name><uuid>y</uuid></domain>", new Map(), false);
  expect(record).toMatchObject({ state: "off", reason: "unknown", agent: "absent", emulated: true });
  expect(record.owner).toBeUndefined();
});

test.each([
  [1, 1, "running", "booted"],
  [4, 0, "running", "shutting-down"],
  [5, 1, "off", "shutdown"],
  [5, 6, "off", "failed"],
  [5, 3, "crashed", "crashed"],
  [6, 1, "crashed", "panicked"],
  [7, 0, "paused", "suspended"],
  [1, 99, "running", "unknown"],
])("state %i with reason %i is %s (%s)", (state, reason, word, why) => {
  expect(sandboxState(state, reason)).toEqual({ state: word, reason: why });
});

test("addresses are read from virsh's table, without loopback and lines that are none", () => {
  const table = ` lo         00:00:00:00:00:00    ipv4         127.0.0.1/8
 vnet0      52:54:00:77:00:01    ipv4         10.77.0.52/24
 eth0       52:54:00:77:00:01    ipv6         fe80::5054:ff:fe77:1/64
 eth1       52:54:00:77:00:02    N/A          N/A
`;
  expect(parseAddresses(table)).toEqual([
    { mac: "52:54:00:77:00:01", family: "ipv4", address: "10.77.0.52", prefix: 24 },
    { mac: "52:54:00:77:00:01", family: "ipv6", address: "fe80::5054:ff:fe77:1", prefix: 64 },
  ]);
  expect(parseAddresses("\n")).toEqual([]);
});

test("a network is read with its mode, and its netmask as a prefix", () => {
  const xml = `<network><name>n</name><uuid>u</uuid>${owner}<forward mode='nat'/><bridge name='b'/><ip address='10.1.0.1' netmask='255.255.240.0'/><ip family='ipv6' address='fd00::1' prefix='64'/></network>`;
  expect(readNetwork(xml, false)).toMatchObject({
    mode: "nat",
    bridge: "b",
    active: false,
    addresses: ["10.1.0.1/20", "fd00::1/64"],
    owner: { lab: "l" },
  });
  expect(readNetwork("<network><name>n</name><uuid>u</uuid></network>", true)).toMatchObject({ mode: "none", addresses: [] });
  const bridged =
    "<network><name>n</name><forward mode='bridge'/><bridge name='br0'/><vlan><tag id='42'/></vlan><virtualport type='openvswitch'/></network>";
  expect(readNetwork(bridged, true)).toMatchObject({ mode: "bridged", bridge: "br0", vlan: 42, openvswitch: true });
  const live = "<network><name>n</name><forward dev='eth0' mode='bridge'><interface dev='eth0' connections='1'/></forward></network>";
  expect(readNetwork(live, true)).toMatchObject({ mode: "bridged", interface: "eth0" });
  expect(readNetwork("<network><name>n</name><forward mode='route'/><ip address='10.1.0.1' prefix='24'/></network>", true)).toMatchObject({
    mode: "routed",
  });
});
