import { Cidr } from "../units/cidr.ts";
import { isOnHost, networkKey, type Lab, type LabNetwork, type LabNic, type LabSandbox } from "./lab.ts";

/** Whether a sandbox gets an answer from an address. */
export interface ReachExpectation {
  readonly from: string;
  readonly to: string;
  /** The network that `address` is in. */
  readonly network: string;
  readonly address: string;
  readonly reaches: boolean;
  /** In words. */
  readonly why: string;
}

/**
 * Which sandbox reaches which, by the networks that they are in: each address of every other sandbox, from every sandbox. Pure.
 *
 * What only somebody else decides (a `bridged` network, another host, a sandbox that a route leads to) is left out.
 */
export function expectedReach(lab: Lab): ReachExpectation[] {
  const sandboxes = Object.values(lab.sandboxes);
  return sandboxes.flatMap((from) =>
    sandboxes
      .filter((to) => to.name !== from.name && to.host === from.host)
      .flatMap((to) => to.nics.flatMap((nic) => expectation(lab, from, to, nic))),
  );
}

function expectation(lab: Lab, from: LabSandbox, to: LabSandbox, { network: name, address }: LabNic): ReachExpectation[] {
  const network = networkOf(lab, to, name);
  if (network === undefined || address === undefined) return [];
  // Whoever it sends packets to decides.
  const routed = from.nics.some(({ routes = [] }) => routes.some(({ to: block }) => Cidr.tryParse(block)?.indexOf(address) !== undefined));
  const verdict = routed ? undefined : judge(lab, from, network);
  return verdict === undefined ? [] : [{ from: from.name, to: to.name, network: name, address, ...verdict }];
}

function judge(lab: Lab, from: LabSandbox, target: LabNetwork): Pick<ReachExpectation, "reaches" | "why"> | undefined {
  const shared = from.nics.find(({ network }) => network === target.name);
  // Without an address of its own there it can say nothing.
  if (shared) return shared.address === undefined ? undefined : { reaches: true, why: `both are in ${target.name}` };
  if (target.mode === "bridged" || target.mode === "none") return undefined;
  const way = from.nics.find(({ gateway, defaultRoute }) => gateway !== undefined || defaultRoute === true);
  if (way === undefined) return { reaches: false, why: "no network of it leads out" };
  const out = networkOf(lab, from, way.network);
  if (out === undefined || out.mode === "bridged") return undefined;
  // VirtualBox's NAT networks do not meet in the host.
  if (target.mode === "routed") return { reaches: true, why: `${target.name} is routed, and ${out.name} leads to it through the host` };
  return { reaches: false, why: `${target.name} is ${target.mode}: nobody comes in from outside` };
}

function networkOf(lab: Lab, { host }: LabSandbox, name: string): LabNetwork | undefined {
  return lab.networks[networkKey(host, name)];
}

/** The addresses, gateways and name servers that a sandbox is to have, by its NICs. Pure. */
export function expectedNics({ nics }: LabSandbox): readonly Required<Pick<LabNic, "network" | "address">>[] {
  return nics.flatMap(({ network, address }) => (address === undefined ? [] : [{ network, address }]));
}

/** Gateways that answer, with the network that they are of. On VirtualBox that of an isolated network is nobody. Pure. */
export function expectedGateways(lab: Lab, sandbox: LabSandbox): readonly { readonly network: string; readonly address: string }[] {
  return sandbox.nics.filter(isOnHost).flatMap(({ network, nameserver }) => {
    const mode = networkOf(lab, sandbox, network)?.mode;
    return nameserver === undefined || (lab.hypervisor === "virtualbox" && mode !== "nat") ? [] : [{ network, address: nameserver }];
  });
}

/** Names of others in the same networks that resolve. Before first boot, and for static guests, only our own provider's do; VirtualBox has none. Pure. */
export function expectedNames(
  lab: Lab,
  sandbox: LabSandbox,
): readonly { readonly name: string; readonly address: string; readonly server: string }[] {
  if (lab.hypervisor === "virtualbox") return [];
  return sandbox.nics.filter(isOnHost).flatMap(({ network, nameserver, domain }) => {
    if (nameserver === undefined) return [];
    const others = Object.values(lab.sandboxes).filter(({ host, name }) => host === sandbox.host && name !== sandbox.name);
    return others.flatMap((other) => {
      const nic = other.nics.find((candidate) => candidate.network === network);
      if (nic?.address === undefined || (lab.provider === "libvirt" && nic.addressing !== "dhcp")) return [];
      return [{ name: `${other.name}.${domain}`, address: nic.address, server: nameserver }];
    });
  });
}
