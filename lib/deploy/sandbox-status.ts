import type { GuestAddress, SandboxRecord, SandboxState } from "../hypervisor/hypervisor.ts";
import { isSameMac } from "../lab/plan/deployment-mac.ts";
import { selectSandboxes, type Deployed, type DeployedSandbox } from "./deployed.ts";
import type { DeployHost } from "./hosts.ts";

/** A sandbox as it is at the moment. */
export interface SandboxStatus {
  readonly name: string;
  /** `absent`: not on its host. `stranger`: another object has its name there. */
  readonly state: SandboxState | "absent" | "stranger";
  /** The hypervisor's word for why. */
  readonly reason?: string;
  readonly host: string;
  readonly image: string;
  readonly cpus: number;
  /** Bytes. */
  readonly memory: number;
  /** Absent unless it is on its host. */
  readonly accelerator?: "kvm" | "tcg";
  readonly addresses: readonly StatusAddress[];
}

export interface StatusAddress {
  readonly network: string;
  /** As planned and recorded; where nobody plans one (`bridged`), what it has. Absent: nobody knows. */
  readonly address?: string;
  readonly mac: string;
  /** True if a lease or the guest agent confirms it. */
  readonly seen: boolean;
  /** What the guest has beside it. */
  readonly others: readonly string[];
}

/** Looks at the sandboxes of a deployment: a few calls for each host, whatever their number. */
export async function readStatus(deployed: Deployed, names: readonly string[] = []): Promise<SandboxStatus[]> {
  const selected = selectSandboxes(deployed, names);
  const hosts = [...new Set(selected.map(({ host }) => host))];
  const open = selected.some(({ sandbox }) => sandbox.nics.some((nic) => nic.address === undefined));
  const seen = new Map(await Promise.all(hosts.map(async (host) => [host, await lookAtHost(host, deployed.lab.name, open)] as const)));
  return selected.map((one) => statusOf(deployed, one, seen.get(one.host)));
}

interface HostLook {
  readonly sandboxes: ReadonlyMap<string, SandboxRecord>;
  /** By id. */
  readonly addresses: ReadonlyMap<string, readonly GuestAddress[]>;
}

/** @param open somebody else than the host may have given a sandbox its address */
async function lookAtHost({ hypervisor }: DeployHost, lab: string, open: boolean): Promise<HostLook> {
  const sandboxes = await hypervisor.listSandboxes();
  const running = sandboxes.filter(({ state, owner }) => state === "running" && owner?.lab === lab);
  const ids = running.map(({ id }) => id);
  // Leases know nothing of static addresses; an agent that does not answer would take its timeout.
  const withAgent = running.filter(({ agent }) => agent === "connected").map(({ id }) => id);
  const [leases, agents, neighbours] = await Promise.all([
    hypervisor.readAddresses(ids, "lease"),
    hypervisor.readAddresses(withAgent, "agent"),
    hypervisor.readAddresses(open ? ids : [], "neighbour"),
  ]);
  return {
    sandboxes: new Map(sandboxes.map((sandbox) => [sandbox.name, sandbox])),
    addresses: new Map(ids.map((id) => [id, [leases, agents, neighbours].flatMap((source) => source.get(id) ?? [])])),
  };
}

function statusOf({ lab }: Deployed, { sandbox, host, nameOnHost }: DeployedSandbox, look: HostLook | undefined): SandboxStatus {
  const there = look?.sandboxes.get(nameOnHost);
  const isOurs = there?.owner?.lab === lab.name;
  const seen = (there && look?.addresses.get(there.id)) ?? [];
  return {
    name: sandbox.name,
    state: there === undefined ? "absent" : isOurs ? there.state : "stranger",
    ...(there && { reason: there.reason, accelerator: there.emulated ? ("tcg" as const) : ("kvm" as const) }),
    host: host.name,
    image: sandbox.image,
    cpus: there?.cpus ?? sandbox.cpus,
    memory: there?.memoryBytes ?? sandbox.memory,
    addresses: sandbox.nics.map(({ network, address: planned, mac: pattern }) => {
      const own = seen.filter((entry) => isSameMac(pattern, entry.mac) && entry.family === "ipv4");
      const mac = there?.nics.find((nic) => isSameMac(pattern, nic.mac))?.mac ?? pattern;
      const onNic = own.map((entry) => entry.address);
      const address = planned ?? onNic[0];
      const known = address === undefined ? {} : { address };
      return {
        network,
        ...known,
        mac,
        seen: address !== undefined && onNic.includes(address),
        others: [...new Set(onNic)].filter((other) => other !== address),
      };
    }),
  };
}
