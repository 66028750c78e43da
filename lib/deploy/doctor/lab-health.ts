import { normalizeLab } from "../../lab/normalize-lab.ts";
import type { Lab } from "../../lab/lab.ts";
import { checkWorld } from "../../world/check-world.ts";
import { readWorld } from "../../world/read-world.ts";
import type { ReachedHost } from "../reach-hosts.ts";
import { fine, unwell, type Health } from "./health.ts";

/** Stands for a lab where there is none: one network that leads outside. */
export function exampleLab(hypervisor: Lab["hypervisor"]): Lab {
  const written = {
    lab: "example",
    hypervisor,
    images: { base: { bootstrap: { suite: "bookworm" } } },
    networks: { example: {} },
    sandboxes: { one: { image: "base", networks: ["example"] } },
  };
  const { value } = normalizeLab(written);
  if (value === undefined) throw new Error("the example lab is no lab");
  return value.lab;
}

/** What the host has against the lab, or against any; and what could not be looked at. */
export async function worldHealth(
  host: ReachedHost,
  lab: Lab | undefined,
  { own, applied }: { readonly own?: string; readonly applied?: Lab },
): Promise<Health[]> {
  const hypervisor = host.uri === "virtualbox" ? "virtualbox" : "kvm";
  const world = await readWorld({
    host: host.name,
    hypervisor,
    isHere: host.isHere,
    ...(host.namespace !== undefined && { namespace: host.namespace }),
    listNetworks: () => host.hypervisor.listNetworks(),
    libvirtVersion: async () => (await host.hypervisor.readHost()).libraryVersion,
  });
  const isOfLab = lab !== undefined && Object.hasOwn(lab.hosts, host.name);
  const example = exampleLab(hypervisor);
  const checked = isOfLab ? lab : onHost(example, host.name);
  const found = checkWorld(checked, world, own, applied).map((diagnostic) => unwell("network", diagnostic, host.name));
  const unread = world.unread.map((text): Health => ({ check: "network", host: host.name, verdict: "notice", found: text }));
  const whole = isOfLab ? `lab "${lab.name}"` : "a network of a lab";
  return [...(found.length === 0 ? [fine("network", `nothing is in the way of ${whole}`, host.name)] : found), ...unread];
}

function onHost(lab: Lab, host: string): Lab {
  const networks = Object.fromEntries(Object.values(lab.networks).map((network) => [`${host}/${network.name}`, { ...network, host }]));
  return { ...lab, networks, hosts: { [host]: { name: host, inUse: true } } };
}

/** Whether the lab's sandboxes fit into the memory of the machine, all at a time. */
export async function memoryHealth(host: ReachedHost, lab: Lab): Promise<Health[]> {
  const wanted = Object.values(lab.sandboxes)
    .filter((sandbox) => sandbox.host === host.name)
    .reduce((sum, { memory }) => sum + memory, 0);
  if (wanted === 0) return [];
  const { memoryBytes } = await host.hypervisor.readHost();
  const inGib = (bytes: number): string => `${Math.round((bytes / 2 ** 30) * 10) / 10} GiB`;
  if (wanted < memoryBytes) return [fine("memory", `the lab's sandboxes take ${inGib(wanted)} of ${inGib(memoryBytes)}`, host.name)];
  return [
    unwell(
      "memory",
      {
        code: "NO_MEMORY",
        severity: "warning",
        summary: `the lab's sandboxes take ${inGib(wanted)} of memory, and the host has ${inGib(memoryBytes)}`,
        nextStep: "Give them less `memory`, or have fewer of them run at a time.",
      },
      host.name,
    ),
  ];
}
