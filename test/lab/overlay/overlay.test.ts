import * as fc from "fast-check";
import { expect, test } from "vitest";
import { normalizeLab } from "../../../lib/lab/normalize-lab.ts";
import { checkInstance, instanceName, instanceOverlay } from "../../../lib/lab/overlay/instance.ts";
import type { Overlay } from "../../../lib/lab/overlay/overlay.ts";
import { Cidr } from "../../../lib/units/cidr.ts";
import { labOf, normalized } from "../lab-fixtures.ts";
import { randomLab } from "../random-lab.ts";

const written = labOf(
  { web: { networks: ["front", "back"] }, db: { networks: [{ name: "front", ip: "10.20.0.5" }] }, solo: {} },
  { networks: { front: { cidr: "10.20.0.0/24" }, back: { mode: "isolated" } } },
);
const { lab: plain, lock } = normalized(written);
const addresses = (name: string, of = plain): (string | undefined)[] => of.sandboxes[name]?.nics.map(({ address }) => address) ?? [];

test("an overlaid block moves written and planned addresses with their host parts, and keeps the MACs", () => {
  const overlay = { networks: { front: { cidr: "10.77.0.0/24" } } };
  const { lab, lock: recorded } = normalized(written, { lock, overlay });
  expect(lab.networks["local/front"]).toMatchObject({ cidr: "10.77.0.0/24", gateway: "10.77.0.1" });
  expect(addresses("db", lab)).toEqual(["10.77.0.5"]);
  expect(addresses("web", lab)).toEqual([addresses("web")[0]?.replace("10.20.0.", "10.77.0."), addresses("web")[1]]);
  expect(lab.sandboxes["web"]?.nics.map(({ mac }) => mac)).toEqual(plain.sandboxes["web"]?.nics.map(({ mac }) => mac));
  expect(recorded).toEqual(lock);
});

test("planned networks move, too: a declared one, and a sandbox's own, with and without a lock", () => {
  const overlay = { networks: { back: { cidr: "10.78.3.0/24" }, solo: { cidr: "10.79.0.8/29" } } };
  for (const options of [{ overlay }, { overlay, lock }]) {
    const { lab, lock: recorded } = normalized(written, options);
    expect(lab.networks["local/back"]?.cidr).toBe("10.78.3.0/24");
    expect(addresses("solo", lab)).toEqual(["10.79.0.10"]);
    expect(recorded).toEqual(lock);
  }
});

test("an overlaid bridge is another bridge, and nothing else", () => {
  const { lab } = normalized(written, { lock, overlay: { networks: { front: { bridge: "trm-front-other" } } } });
  expect(lab).toEqual({
    ...plain,
    networks: { ...plain.networks, "local/front": { ...plain.networks["local/front"], bridge: "trm-front-other" } },
  });
});

test("whatever is overlaid, the lock stays as it is without", () => {
  expect.hasAssertions();
  fc.assert(
    fc.property(randomLab({ networks: 4, sandboxes: 5 }), fc.nat(255), (random, block) => {
      const before = normalized(random);
      const [name] = Object.values(before.lab.networks).filter(({ cidr }) => cidr !== undefined);
      fc.pre(name !== undefined);
      const overlay: Overlay = {
        networks: { [name?.name ?? ""]: { cidr: Cidr.parse(`172.30.${block}.0/${name?.ownedBy === undefined ? 24 : 29}`).toString() } },
      };
      const { value } = normalizeLab(random, { lock: before.lock, overlay });
      // A network that was outgrown may not fit elsewhere either; then there is no lab, and no lock.
      if (value) expect(value.lock).toEqual(before.lock);
    }),
    { numRuns: 60 },
  );
});

test("a second copy has networks, addresses, bridges and MACs of its own, written host parts kept, the same each time", () => {
  const name = instanceName(written.lab, "b");
  const copy = { ...written, lab: name };
  const overlay = instanceOverlay(copy, name);
  const { lab } = normalized(copy, { overlay });
  expect(lab).toEqual(normalized(copy, { overlay: instanceOverlay(copy, name, overlay) }).lab);
  const [front, before] = [lab.networks["local/front"], plain.networks["local/front"]];
  expect(Cidr.parse(front?.cidr ?? "").prefix).toBe(24);
  expect(addresses("db", lab)).toEqual([Cidr.parse(front?.cidr ?? "").at(5)]);
  expect(front?.bridge).not.toBe(before?.bridge);
  const blocks = [plain, lab].flatMap(({ networks }) => Object.values(networks).map(({ cidr }) => Cidr.parse(cidr ?? "")));
  expect(blocks.flatMap((one, index) => blocks.slice(index + 1).filter((other) => one.overlaps(other)))).toEqual([]);
});

test("what a second copy cannot have is told at its line: a state in a backend, addresses and MACs on somebody's LAN", () => {
  const shared = labOf(
    {
      web: { networks: [{ name: "lan", ip: "192.168.1.9" }], forward: [{ guest: 22 }, { host: 8080, guest: 80 }] },
      db: { networks: [{ name: "lan", mac: "02:00:00:00:00:01" }, "front"] },
    },
    {
      networks: { lan: { mode: "bridged", bridge: "br0", cidr: "192.168.1.0/24" }, front: {} },
      backend: { http: { address: "https://state.example" } },
    },
  );
  expect(checkInstance(shared, "test-b").map(({ code, path }) => `${code} ${path?.join(".")}`)).toEqual([
    "INSTANCE_CONFLICT backend",
    "INSTANCE_CONFLICT sandboxes.web.networks.0",
    "INSTANCE_CONFLICT sandboxes.db.networks.0",
    "INSTANCE_CONFLICT sandboxes.web.forward.1.host",
  ]);
  expect(checkInstance(written, "test-b")).toEqual([]);
});
