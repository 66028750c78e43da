import { expect, test } from "vitest";
import type { WrittenLab } from "../../../lib/lab/written-lab.ts";
import { labOf, normalized, said } from "../lab-fixtures.ts";

const networks = { front: { cidr: "10.20.0.0/24" } };
const sandboxes = { web: { count: 2, networks: ["front"] }, db: { networks: [{ name: "front", ip: "10.20.0.5" }] } };
const libvirt = labOf(sandboxes, { networks });
const terrarium: WrittenLab = { ...libvirt, provider: "terrarium" };

test("our own provider reserves what the sandboxes have, each with its name, and no block", () => {
  const { lab } = normalized(terrarium);
  const of = (name: string) => ({ mac: lab.sandboxes[name]?.nics[0]?.mac, address: lab.sandboxes[name]?.nics[0]?.address, sandbox: name });
  expect(lab.networks["local/front"]?.reservations).toEqual([of("db"), of("web-1"), of("web-2")]);
});

test("an explicit address outside the block of the other provider needs no static addressing, and no seed", () => {
  expect(normalized(libvirt).lab.sandboxes["db"]?.nics[0]?.addressing).toBe("static");
  expect(normalized(terrarium).lab.sandboxes["db"]?.nics[0]?.addressing).toBe("dhcp");
  expect(said({ ...terrarium, sandboxes: { ...sandboxes, db: { ...sandboxes.db, seed: "none", ready: "ssh" } } })).toEqual([]);
});

test("both providers plan the same addresses, and record the same", () => {
  const [one, other] = [normalized(libvirt), normalized(terrarium)];
  expect({ ...other.lock, provider: "libvirt" }).toEqual(one.lock);
  expect(other.lab.sandboxes["web-1"]?.nics[0]?.mac).toBe(one.lab.sandboxes["web-1"]?.nics[0]?.mac);
});

test("more sandboxes than the block held is nothing to tell, and nobody moves", () => {
  const before = normalized({ ...terrarium, networks: { front: { cidr: "10.20.0.0/24", reserve: 4 } } });
  const more: WrittenLab = { ...terrarium, sandboxes: { ...sandboxes, api: { count: 10, networks: ["front"] } } };
  expect(said(more, { lock: before.lock })).toEqual([]);
  const after = normalized(more, { lock: before.lock });
  for (const [name, sandbox] of Object.entries(before.lab.sandboxes)) expect(after.lab.sandboxes[name]).toEqual(sandbox);
  expect(after.lab.networks["local/front"]?.reservations).toHaveLength(13);
});

test("a network on two hosts reserves on each what is there", () => {
  const { lab } = normalized({
    ...terrarium,
    hosts: { one: { uri: "qemu:///system" }, two: { uri: "qemu+ssh://two/system" } },
    sandboxes: { a: { host: "one", networks: ["front"] }, b: { host: "two", networks: ["front"] } },
  });
  expect(lab.networks["one/front"]?.reservations.map(({ sandbox }) => sandbox)).toEqual(["a"]);
  expect(lab.networks["two/front"]?.reservations.map(({ sandbox }) => sandbox)).toEqual(["b"]);
});
