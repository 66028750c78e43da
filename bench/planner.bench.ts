/**
 * Planning 1,000 sandboxes over 50 networks, a quarter of them with networks of their own: blocks, addresses, MACs, bridges. Without a lock and with it; the planner alone, and the
 * whole way from the written lab to the normalized one. In one process, warm, in processor time; and a look at this machine as `plan` does it.
 */
import type { AddressRequest, NetworkRequest } from "../lib/lab/plan/plan-requests.ts";
import { normalizeLab } from "../lib/lab/normalize-lab.ts";
import { planLab } from "../lib/lab/plan/plan-lab.ts";
import { checkWorld } from "../lib/world/check-world.ts";
import { readWorld } from "../lib/world/read-world.ts";
import { say, sayMachine } from "./measure.ts";

sayMachine("planner");
const sandboxes = Array.from({ length: 1000 }, (_, index) => index);
const written = {
  lab: "big",
  images: { base: { bootstrap: { suite: "trixie" } } },
  defaults: { image: "base" },
  networks: Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`net${index}`, {}])),
  sandboxes: Object.fromEntries(
    sandboxes.map((index) => [`s${index}`, index % 4 === 0 ? {} : { networks: [`net${index % 50}`, `net${(index * 7 + 1) % 50}`] }]),
  ),
};
const networks: NetworkRequest[] = [
  ...Object.keys(written.networks).map((name) => ({ name, own: false, path: [] })),
  ...sandboxes.filter((index) => index % 4 === 0).map((index) => ({ name: `s${index}`, own: true, path: [] })),
];
const addresses: AddressRequest[] = Object.entries(written.sandboxes).flatMap(([sandbox, one]) => {
  const names = "networks" in one ? (one.networks ?? []) : [sandbox];
  return names.map((network, index) => ({
    sandbox,
    network,
    ordinal: names.slice(0, index).filter((other) => other === network).length,
    path: [],
  }));
});

const { value } = normalizeLab(written);
if (!value) throw new Error("the lab is in order");
const ignore = (): void => {};
say(
  "planner alone, without a lock (median)",
  median(() => planLab("big", networks, addresses, undefined, ignore)),
  "ms",
  50,
);
say(
  "planner alone, with the lock (median)",
  median(() => planLab("big", networks, addresses, value.lock, ignore)),
  "ms",
  50,
);
say(
  "written lab to normalized lab, without a lock (median)",
  median(() => normalizeLab(written)),
  "ms",
);
say(
  "written lab to normalized lab, with the lock (median)",
  median(() => normalizeLab(written, { lock: value.lock })),
  "ms",
);

const times: number[] = [];
for (let round = 0; round < 7; round++) {
  const before = performance.now();
  const world = await readWorld({ host: "local", hypervisor: "kvm", listNetworks: async () => [] });
  checkWorld(value.lab, world);
  times.push(performance.now() - before);
}
say("look at this machine and compare, without the hypervisor (median)", times.toSorted((a, b) => a - b)[3] ?? Number.NaN, "ms", 200);

/** Processor time in milliseconds: what else the machine does at the time does not count. */
function median(work: () => unknown): number {
  const rounds = Array.from({ length: 21 }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return rounds.toSorted((a, b) => a - b)[10] ?? Number.NaN;
}
