import fc from "fast-check";
import { expect, test } from "vitest";
import { DiagnosticError } from "../../../lib/diagnostics/diagnostic-error.ts";
import { planDhcp } from "../../../lib/hypervisor/virtualbox/dhcp-plan.ts";
import { difference } from "../../../lib/hypervisor/virtualbox/forwards.ts";
import { diskFormat } from "../../../lib/hypervisor/virtualbox/convert.ts";
import { layoutOf, safeName } from "../../../lib/hypervisor/virtualbox/layout.ts";
import { machineArguments, wantedAdapters } from "../../../lib/hypervisor/virtualbox/machine-settings.ts";
import { forwardPath, managementMac } from "../../../lib/hypervisor/virtualbox/management-nic.ts";
import { readOwner, toAscii, writeOwner } from "../../../lib/hypervisor/virtualbox/owner.ts";
import { choosePort } from "../../../lib/hypervisor/forward-ports.ts";
import { explainStart } from "../../../lib/hypervisor/virtualbox/power.ts";
import { followFile } from "../../../lib/hypervisor/virtualbox/virtualbox-hypervisor.ts";
import type { SandboxSpec } from "../../../lib/hypervisor/provisioning.ts";
import { Cidr } from "../../../lib/units/cidr.ts";

const owner = { deployment: "d1", lab: "shop", name: "web", provider: "terrarium", labels: {} };
const spec: SandboxSpec = {
  owner,
  name: "shop-web",
  cpus: 2,
  memoryBytes: 512 * 2 ** 20,
  autostart: false,
  disks: [],
  nics: [],
  forwards: [],
};

test("the DHCP server and its own addresses never meet a reservation or the gateway", () => {
  fc.assert(
    fc.property(fc.integer({ min: 24, max: 29 }), fc.array(fc.nat(255), { maxLength: 40 }), (prefix, indexes) => {
      const cidr = Cidr.parse(`10.1.2.0/${prefix}`);
      const reserved = indexes.map((index) => cidr.at(2 + (index % (cidr.size - 3))));
      const plan = planDhcp(cidr, cidr.at(1), reserved);
      const taken = new Set([cidr.at(1), ...reserved]);
      if (!plan) {
        expect(taken.size).toBe(cidr.size - 2);
        return;
      }
      const [server = 0, lower = 0, upper = 0] = [plan.server, plan.lower, plan.upper].map((address) => cidr.indexOf(address));
      const range = Array.from({ length: upper - lower + 1 }, (_, index) => cidr.at(lower + index));
      const loopback = plan.loopback === undefined ? [] : [cidr.at(plan.loopback)];
      expect([plan.server, ...loopback, ...range].filter((address) => taken.has(address))).toEqual([]);
      expect([1 <= lower, lower <= upper, upper <= cidr.size - 2]).toEqual([true, true, true]);
      // With nothing else free, the server's own address is all there is to name.
      expect(lower === upper || server < lower || server > upper).toBe(true);
    }),
  );
});

test("a network of eight addresses has room for VirtualBox beside one sandbox", () => {
  expect(planDhcp(Cidr.parse("10.1.2.0/29"), "10.1.2.1", ["10.1.2.2"])).toEqual({
    server: "10.1.2.6",
    loopback: 5,
    lower: "10.1.2.3",
    upper: "10.1.2.4",
  });
});

test("a free port is chosen from where it is asked, and around the end", () => {
  expect(choosePort(new Set(), 0)).toBe(20_000);
  expect(choosePort(new Set([20_005, 20_006]), 5)).toBe(20_007);
  expect(choosePort(new Set([29_999]), 9_999)).toBe(20_000);
  expect(choosePort(new Set(Array.from({ length: 10_000 }, (_, index) => 20_000 + index)), 5)).toBeUndefined();
});

test("only rules that differ go and come", () => {
  const rule = { name: "ssh", protocol: "tcp" as const, hostAddress: "127.0.0.1", hostPort: 2201, guestAddress: "", guestPort: 22 };
  const moved = { ...rule, hostPort: 2202 };
  expect(difference([rule], [rule])).toEqual({ gone: [], made: [] });
  expect(difference([rule], [moved])).toEqual({ gone: [rule], made: [moved] });
});

test("forwards go to an address in a NAT network, else through a NIC of their own", () => {
  const forwards = [{ name: "ssh", protocol: "tcp" as const, hostPort: 0, guestPort: 22 }];
  const nat = { mac: "02:00:00:00:00:01", network: "front", address: "10.1.1.5" };
  const isolated = { mac: "02:00:00:00:00:02", network: "back", address: "10.1.2.5" };
  const networks = new Set(["front"]);
  expect(forwardPath({ ...spec, nics: [isolated, nat], forwards }, networks)).toEqual({
    kind: "network",
    network: "front",
    address: "10.1.1.5",
  });
  expect(forwardPath({ ...spec, nics: [isolated], forwards }, networks)).toEqual({
    kind: "management",
    mac: managementMac({ name: spec.name, nics: [isolated] }),
  });
  expect(forwardPath({ ...spec, nics: [{ ...nat, address: undefined }], forwards }, networks).kind).toBe("management");
  expect(forwardPath({ ...spec, nics: [isolated] }, networks)).toEqual({ kind: "none" });
  expect(managementMac({ name: "a", nics: [{ mac: "02:AB:00:00:00:02" }] })).toBe(
    managementMac({ name: "b", nics: [{ mac: "02:ab:00:00:00:02" }] }),
  );
  expect(managementMac({ name: "a", nics: [] })).toMatch(/^06(:[0-9a-f]{2}){5}$/);
});

test("a NIC stays in its slot when others come and go", () => {
  const [one, two, three] = ["02:00:00:00:00:01", "02:00:00:00:00:02", "02:00:00:00:00:03"].map((mac) => ({ mac, network: "n" }));
  const adapter = (slot: number, mac: string) => ({ slot, mac, kind: "intnet" as const, network: "n", rules: [] });
  const machine = { adapters: [adapter(0, one!.mac), adapter(1, two!.mac)] };
  const slots = wantedAdapters({ ...spec, nics: [three!, two!] }, new Map([["n", { mode: "isolated" }]]), { kind: "none" }, machine);
  expect(slots.map((nic) => nic?.mac)).toEqual([three!.mac, two!.mac, ...Array.from({ length: 6 })]);
});

test("a machine gets all its hardware in one command, with the console in a file", () => {
  const nics = [
    { mac: "02:00:00:00:00:0a", network: "front" },
    { mac: "02:00:00:00:00:0b", network: "back" },
    { mac: "02:00:00:00:00:0c", network: "lan" },
    { mac: "02:00:00:00:00:0d", network: "host" },
  ];
  const slots = wantedAdapters(
    { ...spec, nics },
    new Map([
      ["front", { mode: "nat" }],
      ["back", { mode: "isolated" }],
      ["lan", { mode: "bridged", interface: "eth0" }],
      ["host", { mode: "bridged", interface: "vboxnet0" }],
    ]),
    { kind: "management", mac: "06:00:00:00:00:01" },
  );
  const text = machineArguments(spec, slots, "ID", layoutOf("/v")).join(" ");
  expect(text).toContain("--cpus 2 --memory 512");
  expect(text).toContain("--uart1 0x3F8 4 --uart-mode1 file /v/consoles/ID.log");
  expect(text).toContain("--nic1 natnetwork --nat-network1 front --nic-type1 virtio --mac-address1 02000000000A");
  expect(text).toContain("--nic2 intnet --intnet2 back --nic-type2 virtio --mac-address2 02000000000B");
  expect(text).toContain("--nic3 bridged --bridge-adapter3 eth0 --nic-type3 virtio --mac-address3 02000000000C");
  expect(text).toContain("--nic4 hostonly --host-only-adapter4 vboxnet0 --nic-type4 virtio --mac-address4 02000000000D");
  expect(text).toContain("--nic5 nat --nic-type5 virtio --mac-address5 060000000001 --cable-connected5 on --nic6 none");
});

test("a start that failed without the kernel driver says so, whatever VirtualBox says", async () => {
  const misleading = new DiagnosticError({
    code: "HYPERVISOR_FAILED",
    severity: "error",
    summary: "VBoxManage startvm: terminated unexpectedly",
    detail: "exit code 1 (0x1)",
  });
  const where = { name: "shop-web", file: "/nowhere/web.vbox" };
  const explained = await explainStart(misleading, where, false);
  expect(explained.diagnostics).toMatchObject([
    {
      code: "DRIVER_MISSING",
      summary: expect.stringContaining("/dev/vboxdrv") as string,
      nextStep: expect.stringContaining("modprobe vboxdrv") as string,
    },
  ]);
  expect((await explainStart(misleading, where, true)).diagnostics[0]?.code).toBe("HYPERVISOR_FAILED");
});

test("an image's format is told by its first bytes", () => {
  const vdi = Buffer.alloc(512);
  vdi.writeUInt32LE(0xbeda107f, 0x40);
  expect(
    [Buffer.from("QFI\u00fb", "latin1"), Buffer.from("KDMV"), vdi, Buffer.from("conectix"), Buffer.alloc(512), Buffer.alloc(0)].map(
      diskFormat,
    ),
  ).toEqual(["qcow2", "vmdk", "vdi", "vhd", "raw", "raw"]);
});

test("an owner is written in ASCII and read back, and what is none is nobody's", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.string({ unit: "grapheme" })), (labels) => {
      const text = writeOwner({ ...owner, labels });
      expect(text).toMatch(/^[\x20-\x7e]*$/);
      expect(readOwner(text)).toEqual({ ...owner, labels: Object.fromEntries(Object.entries(labels)) });
    }),
  );
  expect(toAscii({ a: "ü" })).toBe(String.raw`{"a":"\u00fc"}`);
  for (const text of [undefined, "", "x", "[]", "{}", "null", '{"deployment":1}']) expect(readOwner(text)).toBeUndefined();
});

test("names that would become other names on disk are refused", () => {
  expect(safeName("shop-web.data_1")).toBe("shop-web.data_1");
  for (const name of ["", "../x", "a/b", "a b", "-x", "ä", "a:b"]) expect(() => safeName(name)).toThrow(/BAD_NAME/);
});

test("the console is followed, since a file cannot be typed into", () => {
  expect(followFile("/v/x.log", "linux")).toEqual(["tail", "-n", "+1", "-F", "/v/x.log"]);
  expect(followFile("C:\\v\\it's.log", "win32").at(-1)).toBe("Get-Content -Wait -LiteralPath 'C:\\v\\it''s.log'");
});
