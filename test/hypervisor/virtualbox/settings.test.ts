import { expect, test } from "vitest";
import { parseMachineList, parseRunningStates } from "../../../lib/hypervisor/virtualbox/lists.ts";
import { readMachineFile } from "../../../lib/hypervisor/virtualbox/machine-file.ts";
import { readRegistry } from "../../../lib/hypervisor/virtualbox/registry.ts";
import { rootMedium } from "../../../lib/hypervisor/virtualbox/sandbox-record.ts";
import { parseGuestProperties, parseLeases } from "../../../lib/hypervisor/virtualbox/addresses.ts";
import { parseHostInfo } from "../../../lib/hypervisor/virtualbox/host-facts.ts";

/** Cut down from what 7.2.22 wrote. */
const machine = `<?xml version="1.0"?>
<VirtualBox xmlns="http://www.virtualbox.org/" version="1.19-linux">
  <Machine uuid="{11111111-2222-4333-8444-555555555555}" name="we&quot;b" OSType="Linux_64" currentSnapshot="{5D03996E-2155-47ed-9dfc-5cfcd775176d}" snapshotFolder="Snapshots">
    <MediaRegistry>
      <HardDisks>
        <HardDisk uuid="{fcba4c27-be02-44b6-b0eb-539e7323f807}" location="/i/base.vdi" format="VDI" type="Normal">
          <HardDisk uuid="{9f3371f2-93ab-4457-94c0-e1125b354995}" location="/p/web.vdi" format="vdi">
            <HardDisk uuid="{580369ce-03d9-4b39-97df-92b15813acde}" location="Snapshots/{580369ce-03d9-4b39-97df-92b15813acde}.vdi" format="VDI"/>
          </HardDisk>
        </HardDisk>
      </HardDisks>
      <DVDImages><Image uuid="{aaaaaaaa-0000-4000-8000-000000000001}" location="/p/seed.iso"/></DVDImages>
    </MediaRegistry>
    <ExtraData><ExtraDataItem name="terrarium/owner" value="{&quot;deployment&quot;:&quot;d1&quot;}"/></ExtraData>
    <Snapshot uuid="{5d03996e-2155-47ed-9dfc-5cfcd775176d}" name="s1" timeStamp="2026-11-23T19:31:12Z">
      <Hardware><Memory RAMSize="64"/></Hardware>
      <Snapshots><Snapshot uuid="{5d03996e-2155-47ed-9dfc-000000000000}" name="s2" timeStamp="2026-11-23T19:32:12Z" stateFile="x.sav"/></Snapshots>
    </Snapshot>
    <Hardware>
      <Memory RAMSize="512"/>
      <Network>
        <Adapter slot="0" enabled="true" MACAddress="0212AB000001" type="virtio">
          <DisabledModes><InternalNetwork name="intnet"/></DisabledModes>
          <NATNetwork name="lab-front"/>
        </Adapter>
        <Adapter slot="1" MACAddress="0800270000FF"/>
        <Adapter slot="2" enabled="true" MACAddress="0612AB000003" type="virtio">
          <DisabledModes><NATNetwork name="NatNetwork"/></DisabledModes>
          <NAT><Forwarding name="ssh" proto="1" hostip="127.0.0.1" hostport="22022" guestport="22"/></NAT>
        </Adapter>
      </Network>
      <UART><Port slot="0" enabled="true" IOBase="0x3f8" IRQ="4" path="/p/console.log" hostMode="RawFile"/></UART>
      <StorageControllers>
        <StorageController name="SATA" type="AHCI" PortCount="30">
          <AttachedDevice type="HardDisk" port="0" device="0"><Image uuid="{580369ce-03d9-4b39-97df-92b15813acde}"/></AttachedDevice>
          <AttachedDevice type="DVD" port="29" device="0"/>
        </StorageController>
      </StorageControllers>
      <CPU count="2"/>
    </Hardware>
  </Machine>
</VirtualBox>`;

test("a machine's settings are read, and what its snapshots had is not taken for what it has", () => {
  const read = readMachineFile(machine, "/s/web/web.vbox");
  expect(read).toMatchObject({
    id: "11111111-2222-4333-8444-555555555555",
    name: 'we"b',
    cpus: 2,
    memoryMebibytes: 512,
    consoleLog: "/p/console.log",
    currentSnapshot: "5d03996e-2155-47ed-9dfc-5cfcd775176d",
    saved: false,
    aborted: false,
    autostart: false,
    adapters: [
      { slot: 0, mac: "02:12:ab:00:00:01", kind: "natnetwork", network: "lab-front", rules: [] },
      {
        slot: 2,
        mac: "06:12:ab:00:00:03",
        kind: "nat",
        rules: [{ name: "ssh", protocol: "tcp", hostAddress: "127.0.0.1", hostPort: 22022, guestPort: 22 }],
      },
    ],
    controllers: ["SATA"],
    attachments: [
      { controller: "SATA", port: 0, device: 0, kind: "disk", medium: "580369ce-03d9-4b39-97df-92b15813acde" },
      { controller: "SATA", port: 29, device: 0, kind: "cdrom" },
    ],
    snapshots: [
      { name: "s1", createdAt: "2026-11-23T19:31:12Z", running: false },
      { name: "s2", running: true },
    ],
  });
  expect(read.extraData.get("terrarium/owner")).toBe('{"deployment":"d1"}');
});

test("a snapshot's difference leads to the disk it belongs to, and a disk of an image to itself", () => {
  const { media } = readMachineFile(machine, "/s/web/web.vbox");
  expect(rootMedium(media, "580369ce-03d9-4b39-97df-92b15813acde")).toBe("/p/web.vdi");
  expect(rootMedium(media, "9f3371f2-93ab-4457-94c0-e1125b354995")).toBe("/p/web.vdi");
  expect(rootMedium(media, "00000000-0000-4000-8000-000000000000")).toBeUndefined();
});

test("relative places are those of the settings file, on Windows too", () => {
  const at = (file: string): string | undefined =>
    readMachineFile(machine, file).media.get("580369ce-03d9-4b39-97df-92b15813acde")?.location;
  expect(at("/s/web/web.vbox")).toBe("/s/web/Snapshots/{580369ce-03d9-4b39-97df-92b15813acde}.vdi");
  expect(at("C:\\s\\web\\web.vbox")).toBe("C:\\s\\web\\Snapshots\\{580369ce-03d9-4b39-97df-92b15813acde}.vdi");
});

test("settings that are cut short are an error, not an empty machine", () => {
  expect(() => readMachineFile(machine.slice(0, machine.length / 2), "/s/web.vbox")).toThrow(/cannot be read/);
  expect(() => readRegistry("<VirtualBox><Global>", "/h/VirtualBox.xml")).toThrow(/cannot be read/);
});

test("the registry names machines, networks and their reservations", () => {
  const registry = readRegistry(
    `<VirtualBox xmlns="http://www.virtualbox.org/" version="1.12-linux"><Global>
      <ExtraData><ExtraDataItem name="terrarium/network/lab-front" value="{&quot;a&quot;:&quot;&#xFC;&quot;}"/></ExtraData>
      <MachineRegistry><MachineEntry uuid="{87857713-5619-49e1-b56e-26528a88863f}" src="/d/B.vbox"/></MachineRegistry>
      <NetserviceRegistry>
        <DHCPServers><DHCPServer networkName="lab-front" IPAddress="10.77.1.254" networkMask="255.255.255.0" lowerIP="10.77.1.200" upperIP="10.77.1.253" enabled="1">
          <Options><Option name="3" value="10.77.1.1"/></Options>
          <Config MACAddress="02:12:AB:00:00:01" slot="4294967295" fixedAddress="10.77.1.11"><Option name="12" value="web"/></Config>
        </DHCPServer></DHCPServers>
        <NATNetworks><NATNetwork networkName="lab-front" network="10.77.1.0/24" ipv6="0" needDhcp="1" enabled="1">
          <PortForwarding4><Forwarding name="u.ssh" proto="0" hostport="2201" guestip="10.77.1.10" guestport="22"/></PortForwarding4>
          <Mappings><Loopback4 address="127.0.0.1" offset="5"/></Mappings>
        </NATNetwork></NATNetworks>
      </NetserviceRegistry>
    </Global></VirtualBox>`,
    "/h/VirtualBox.xml",
  );
  expect(registry.machines).toEqual([{ id: "87857713-5619-49e1-b56e-26528a88863f", file: "/d/B.vbox" }]);
  expect(registry.extraData.get("terrarium/network/lab-front")).toBe('{"a":"ü"}');
  expect(registry.natNetworks).toEqual([
    {
      name: "lab-front",
      cidr: "10.77.1.0/24",
      enabled: true,
      loopback: 5,
      forwards: [{ name: "u.ssh", protocol: "udp", hostAddress: "", hostPort: 2201, guestAddress: "10.77.1.10", guestPort: 22 }],
    },
  ]);
  expect(registry.dhcpServers).toMatchObject([
    { network: "lab-front", address: "10.77.1.254", enabled: true, reservations: new Map([["02:12:ab:00:00:01", "10.77.1.11"]]) },
  ]);
  expect(readRegistry("", "/h/VirtualBox.xml").machines).toEqual([]);
});

test("lists of machines are read by their end, for quotes in names are not escaped", () => {
  const id = "11111111-2222-4333-8444-555555555555";
  expect(parseMachineList(`"a" {x} b" {${id}}\r\n"<inaccessible>" {${id}}\nnoise\n`)).toEqual([
    { name: 'a" {x} b', id },
    { name: "<inaccessible>", id },
  ]);
});

test("states of running machines are read, and a description that looks like one is not", () => {
  const output = `Name:                        web
UUID:                        11111111-2222-4333-8444-555555555555
State:                       paused (since 2026-11-23T19:31:12.000000000)
Description:
State:                       running
UUID:                        11111111-2222-4333-8444-555555555555

Name:                        db
UUID:                        21111111-2222-4333-8444-555555555555
State:                       running (since 2026-11-23T19:31:12.000000000)
`;
  const expected = new Map([
    ["11111111-2222-4333-8444-555555555555", "paused"],
    ["21111111-2222-4333-8444-555555555555", "running"],
  ]);
  expect(parseRunningStates(output)).toEqual(expected);
  expect(parseRunningStates(output.replaceAll("\n", "\r\n"))).toEqual(expected);
});

test("leases that are not in force give no address", () => {
  expect(
    parseLeases(`<?xml version="1.0"?><Leases version="1.0">
      <Lease mac="02:12:AB:00:00:01" network="10.0.0.0" state="acked"><Address value="10.0.0.4"/><Time issued="1" expiration="600"/></Lease>
      <Lease mac="02:12:ab:00:00:02" network="10.0.0.0" state="expired"><Address value="10.0.0.5"/></Lease>
    </Leases>`),
  ).toEqual(new Map([["02:12:ab:00:00:01", "10.0.0.4"]]));
  expect(parseLeases("")).toEqual(new Map());
});

test("addresses that Guest Additions tell are found by MAC, in both forms", () => {
  const now = `/VirtualBox/GuestInfo/Net/1/MAC           = '0212AB000001' @ 2026-11-23
/VirtualBox/GuestInfo/Net/1/V4/IP         = '10.0.0.4' @ 2026-11-23
/VirtualBox/GuestInfo/Net/1/V4/Netmask    = '255.255.255.0' @ 2026-11-23
/VirtualBox/GuestInfo/Net/1/Status        = 'Up' @ 2026-11-23
/VirtualBox/GuestInfo/Net/0/MAC           = '0212AB000002' @ 2026-11-23
/VirtualBox/GuestInfo/Net/0/V4/IP         = '10.0.1.4' @ 2026-11-23
/VirtualBox/GuestInfo/Net/0/Status        = 'Down' @ 2026-11-23
`;
  const older = `Name: /VirtualBox/GuestInfo/Net/0/MAC, value: 0212AB000001, timestamp: 1, flags:
Name: /VirtualBox/GuestInfo/Net/0/V4/IP, value: 10.0.0.4, timestamp: 1, flags:
Name: /VirtualBox/GuestInfo/Net/0/V4/Netmask, value: 255.255.255.0, timestamp: 1, flags:
`;
  const expected = [{ mac: "02:12:ab:00:00:01", address: "10.0.0.4", netmask: "255.255.255.0" }];
  expect(parseGuestProperties(now)).toEqual(expected);
  expect(parseGuestProperties(older)).toEqual(expected);
  expect(parseGuestProperties("No properties found.\n")).toEqual([]);
});

test("the host's facts are read", () => {
  expect(
    parseHostInfo("Host Information:\n\nProcessor online count: 2\nProcessor supports HW virtualization: no\nMemory size: 24105 MByte\n"),
  ).toEqual({
    cpus: 2,
    memoryBytes: 24105 * 2 ** 20,
    virtualization: false,
  });
});
