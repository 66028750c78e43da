import { isSameMac } from "../lab/plan/deployment-mac.ts";
import { nameOnHost, type LabNetwork, type LabNetworkMode } from "../lab/lab.ts";
import { didYouMean } from "../lab/did-you-mean.ts";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import { selectSandboxes, type Deployed } from "./deployed.ts";

/** A network of the lab, as its host has it. */
export interface NetworkStatus {
  readonly name: string;
  readonly host: string;
  /** `absent`: not on its host. */
  readonly state: "running" | "stopped" | "absent";
  readonly mode: LabNetworkMode;
  readonly cidr?: string;
  readonly gateway?: string;
  readonly domain: string;
  readonly bridge?: string;
  readonly mtu?: number;
  readonly nics: readonly NicStatus[];
}

export interface NicStatus {
  readonly sandbox: string;
  readonly nic: string;
  readonly mac: string;
  readonly address?: string;
}

/** The networks of a deployment, by host and name. @throws DiagnosticError UNKNOWN_NETWORK */
export async function readNetworks({ lab, hosts }: Deployed, names: readonly string[] = []): Promise<NetworkStatus[]> {
  const all = Object.values(lab.networks);
  const known = all.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new DiagnosticError(
      unknown.map((name) => ({
        code: "UNKNOWN_NETWORK" as const,
        severity: "error" as const,
        summary: `lab "${lab.name}" has no network "${name}"`,
        nextStep: didYouMean(name, known, "networks"),
      })),
    );
  const found = new Map(
    await Promise.all(hosts.map(async ({ name, hypervisor }) => [name, await hypervisor.listNetworks({ lab: lab.name })] as const)),
  );
  return all
    .filter(({ name }) => names.length === 0 || names.includes(name))
    .map((network) => {
      const there = found.get(network.host)?.find(({ name }) => name === nameOnHost(lab, network.name));
      const nics = Object.values(lab.sandboxes).flatMap((sandbox) =>
        sandbox.host === network.host
          ? sandbox.nics
              .filter((nic) => nic.network === network.name)
              .map(({ name, mac, address }): NicStatus => ({
                sandbox: sandbox.name,
                nic: name,
                mac,
                ...(address !== undefined && { address }),
              }))
          : [],
      );
      const bridge = there?.bridge ?? network.bridge;
      return {
        ...facts(network),
        ...(bridge !== undefined && { bridge }),
        state: there ? (there.active ? "running" : "stopped") : "absent",
        nics,
      };
    });
}

function facts({ name, host, mode, cidr, gateway, domain, mtu }: LabNetwork): Omit<NetworkStatus, "state" | "nics" | "bridge"> {
  const known = { ...(cidr !== undefined && { cidr }), ...(gateway !== undefined && { gateway }), ...(mtu !== undefined && { mtu }) };
  return { name, host, mode, ...known, domain };
}

/** An address that a network's DHCP server has given to a sandbox. */
export interface Lease {
  readonly sandbox: string;
  readonly network: string;
  readonly mac: string;
  readonly address: string;
  /** It is the one that was planned for it. */
  readonly planned: boolean;
}

/** The leases of running sandboxes. One that has a static address has none. */
export async function readLeases(deployed: Deployed): Promise<Lease[]> {
  const selected = selectSandboxes(deployed);
  const byHost = await Promise.all(
    deployed.hosts.map(async ({ name, hypervisor }) => {
      const records = (await hypervisor.listSandboxes({ lab: deployed.lab.name })).filter(({ state }) => state === "running");
      const leases = await hypervisor.readAddresses(
        records.map(({ id }) => id),
        "lease",
      );
      return selected
        .filter(({ host }) => host.name === name)
        .flatMap(({ sandbox, nameOnHost: called }) => {
          const record = records.find((one) => one.name === called);
          return (record ? (leases.get(record.id) ?? []) : []).flatMap(({ mac, address, family }): Lease[] => {
            const nic = sandbox.nics.find((one) => isSameMac(one.mac, mac));
            return nic && family === "ipv4"
              ? [{ sandbox: sandbox.name, network: nic.network, mac, address, planned: nic.address === address }]
              : [];
          });
        });
    }),
  );
  return byHost.flat();
}
