import { expect, test } from "vitest";
import { normalizeLab } from "../../../lib/lab/normalize-lab.ts";
import type { WrittenLab, WrittenSandbox } from "../../../lib/lab/written-lab.ts";

const own = "52:54:00:AA:BB:0c";
const lower = own.toLowerCase();

function lab(sandboxes: Record<string, WrittenSandbox>, more: Partial<WrittenLab> = {}): WrittenLab {
  return {
    lab: "macs",
    provider: "terrarium",
    images: { base: { path: "base.qcow2", sha256: "a".repeat(64) } },
    defaults: { image: "base" },
    networks: { lan: { cidr: "10.20.0.0/24" }, out: { mode: "bridged", bridge: "br0" } },
    sandboxes,
    ...more,
  };
}

const told = (written: WrittenLab): string[] => normalizeLab(written).diagnostics.map(({ code, path }) => `${code} ${path?.join(".")}`);
const nic = (network: string, mac: string): WrittenSandbox => ({ networks: [{ name: network, mac }] });

test("a written MAC is the NIC's, in lower case, and its address is reserved for it", () => {
  const { value } = normalizeLab(lab({ web: nic("lan", own), far: nic("out", "52:54:00:00:00:01") }));
  const { web, far } = value?.lab.sandboxes ?? {};
  expect(web?.nics).toMatchObject([{ mac: lower, addressing: "dhcp" }]);
  expect(far?.nics).toMatchObject([{ mac: "52:54:00:00:00:01", addressing: "dhcp" }]);
  expect(value?.lab.networks["local/lan"]?.reservations).toEqual([{ mac: lower, address: web?.nics[0]?.address, sandbox: "web" }]);
});

test("it moves no address, and is not in the lock", () => {
  const [planned, written] = [lab({ web: nic("lan", own) }), lab({ web: { networks: ["lan"] } })].map((one) => normalizeLab(one).value);
  expect(written?.lock).toEqual(planned?.lock);
  expect(written?.lab.sandboxes["web"]?.nics[0]?.address).toBe(planned?.lab.sandboxes["web"]?.nics[0]?.address);
});

test("where a block is reserved by MAC, the guest gets its address from its seed, and without one it is refused", () => {
  const libvirt = { provider: "libvirt" } as const;
  expect(normalizeLab(lab({ web: nic("lan", own) }, libvirt)).value?.lab.sandboxes["web"]?.nics).toMatchObject([
    { mac: lower, addressing: "static" },
  ]);
  expect(told(lab({ web: { ...nic("lan", own), seed: "none" } }, libvirt))).toEqual(["STATIC_NEEDS_SEED sandboxes.web.networks.0.mac"]);
  expect(told(lab({ web: { ...nic("lan", own), seed: "none" } }))).toEqual([]);
});

test("copies take theirs from `forEach`", () => {
  const each = { forEach: { a: { mac: "52:54:00:00:00:0a" }, b: { mac: "52:54:00:00:00:0b" } }, ...nic("lan", "${each:mac}") };
  const { value } = normalizeLab(lab({ web: each }));
  expect(["web-a", "web-b"].map((name) => value?.lab.sandboxes[name]?.nics[0]?.mac)).toEqual(["52:54:00:00:00:0a", "52:54:00:00:00:0b"]);
});

test.each(["01:00:00:00:00:01", "ff:ff:ff:ff:ff:ff", "fe:54:00:00:00:01", "00:00:00:00:00:00"])("%s is refused at its place", (mac) => {
  expect(told(lab({ web: nic("lan", mac) }))).toEqual(["INVALID_MAC sandboxes.web.networks.0.mac"]);
});

test("a MAC that is another NIC's, written or planned, is refused at its place", () => {
  const place = "sandboxes.web.networks.0.mac";
  expect(told(lab({ web: nic("lan", own), db: nic("out", lower) })).toSorted()).toEqual([
    "DUPLICATE_MAC sandboxes.db.networks.0.mac",
    `DUPLICATE_MAC ${place}`,
  ]);
  expect(told(lab({ web: { count: 2, ...nic("lan", own) } }))).toContain(`DUPLICATE_MAC ${place}`);
  const planned = normalizeLab(lab({ db: { networks: ["lan"] } })).value?.lab.sandboxes["db"]?.nics[0]?.mac ?? "";
  expect(told(lab({ db: { networks: ["lan"] }, web: nic("lan", planned) }))).toEqual([`DUPLICATE_MAC ${place}`]);
});
