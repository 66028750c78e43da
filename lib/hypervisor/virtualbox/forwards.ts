import type { Forward } from "../hypervisor.ts";
import type { View, VirtualBox } from "./host.ts";
import type { Machine } from "./machine-file.ts";
import { isManagement, type ForwardPath } from "./management-nic.ts";
import type { NatRule } from "./registry.ts";
import { rulePrefix } from "./sandbox-record.ts";

/**
 * Brings a sandbox's rules to what is wanted, also while it runs: in the NAT network that leads to it, or at its NIC for management. Rules that are as wanted are not touched.
 *
 * @param machine as it is now
 */
export async function bringForwards(
  box: VirtualBox,
  view: View,
  machine: Machine,
  path: ForwardPath,
  wanted: readonly Forward[],
  running: boolean,
): Promise<void> {
  await bringNetworkRules(box, view, machine.id, path, wanted);
  const nic = machine.adapters.find(isManagement);
  if (!nic) return;
  const rules = wanted.map((forward): NatRule => ({ ...forward, guestAddress: "" }));
  const { gone, made } = difference(nic.rules, path.kind === "management" ? rules : []);
  const number = String(nic.slot + 1);
  const text = ({ name, protocol, hostAddress, hostPort, guestPort }: NatRule): string =>
    `${name},${protocol},${hostAddress},${hostPort},,${guestPort}`;
  if (running) {
    for (const { name } of gone) await box.vbox.run(["controlvm", machine.id, `natpf${number}`, "delete", name], { machine: machine.id });
    for (const rule of made) await box.vbox.run(["controlvm", machine.id, `natpf${number}`, text(rule)], { machine: machine.id });
  } else if (gone.length + made.length > 0) {
    // `delete` is an argument of its own.
    const changes = [
      ...gone.flatMap(({ name }) => [`--nat-pf${number}`, "delete", name]),
      ...made.flatMap((rule) => [`--nat-pf${number}`, text(rule)]),
    ];
    await box.vbox.run(["modifyvm", machine.id, ...changes], { machine: machine.id });
  }
}

/** Takes all rules of a sandbox out of all NAT networks. */
export async function removeForwards(box: VirtualBox, view: View, id: string): Promise<void> {
  await bringNetworkRules(box, view, id, { kind: "none" }, []);
}

async function bringNetworkRules(
  { vbox }: VirtualBox,
  view: View,
  id: string,
  path: ForwardPath,
  wanted: readonly Forward[],
): Promise<void> {
  const prefix = rulePrefix(id);
  for (const { name: network, forwards } of view.natNetworks) {
    const have = forwards.filter(({ name }) => name.startsWith(prefix));
    const rules =
      path.kind === "network" && path.network === network
        ? wanted.map((forward) => ({ ...forward, name: `${prefix}${forward.name}`, guestAddress: path.address }))
        : [];
    const { gone, made } = difference(have, rules);
    if (gone.length + made.length === 0) continue;
    const text = ({ name, protocol, hostAddress, hostPort, guestAddress, guestPort }: NatRule): string =>
      `${name}:${protocol}:[${hostAddress}]:${hostPort}:[${guestAddress}]:${guestPort}`;
    const changes = [
      ...gone.flatMap(({ name }) => ["--port-forward-4", "delete", name]),
      ...made.flatMap((rule) => ["--port-forward-4", text(rule)]),
    ];
    await vbox.tryRun(["natnetwork", "modify", "--netname", network, ...changes], rules.length === 0 ? ["OBJECT_NOT_FOUND"] : []);
  }
}

/** A rule cannot be changed: the old one goes, the new one comes. Pure. */
export function difference(have: readonly NatRule[], wanted: readonly NatRule[]): { readonly gone: NatRule[]; readonly made: NatRule[] } {
  const key = ({ name, protocol, hostAddress, hostPort, guestAddress, guestPort }: NatRule): string =>
    JSON.stringify([name, protocol, hostAddress, hostPort, guestAddress, guestPort]);
  const [before, after] = [new Set(have.map(key)), new Set(wanted.map(key))];
  return { gone: have.filter((rule) => !after.has(key(rule))), made: wanted.filter((rule) => !before.has(key(rule))) };
}
