import type { GuestAddress, NicCounters, ShutdownResult } from "../hypervisor.ts";
import { Cidr } from "../../units/cidr.ts";
import { failure, notFound } from "./failure.ts";
import { put, type MemoryNetwork, type MemorySandbox, type MemoryState, type Operation } from "./memory-state.ts";

export function off(sandbox: MemorySandbox, reason: "shutdown" | "destroyed"): MemorySandbox {
  return sandbox.state === "off" ? sandbox : { ...sandbox, state: "off", reason };
}

/** A real host finds out only now what is not there. */
export function boot(state: MemoryState, sandbox: MemorySandbox): MemorySandbox {
  const { spec } = sandbox;
  const name = JSON.stringify(spec.name);
  if (sandbox.unfinished)
    throw failure("DEFINITION_REFUSED", `sandbox ${name} is unfinished`, "Run `terrarium apply`, which makes it whole.");
  const there = new Set([...state.disks, ...state.seeds].map(({ id }) => id));
  const missing = [...spec.disks, ...(spec.seed === undefined ? [] : [spec.seed])].find((id) => !there.has(id));
  if (missing !== undefined)
    throw failure("DISK_MISSING", `sandbox ${name} cannot start without ${missing}`, "Run `terrarium apply`, which puts disks in place.");
  const cut = spec.nics.find(({ networkName }) => networkOf(state, networkName)?.active !== true);
  if (cut)
    throw failure(
      "OBJECT_NOT_FOUND",
      `sandbox ${name} cannot start without its network ${JSON.stringify(cut.networkName)}`,
      "Run `terrarium apply`, which starts networks.",
    );
  return { ...sandbox, state: "running", reason: "booted", boots: sandbox.boots + 1 };
}

export function start(id: string): Operation<void> {
  return (state) => {
    const found = find(state, id);
    if (found.state === "running") return { state, result: undefined };
    return { state: write(state, boot(state, found)), result: undefined };
  };
}

/** Guests here always hear it, but for paused ones. */
export function shutdown(id: string): Operation<ShutdownResult> {
  return (state) => {
    const found = find(state, id);
    if (found.state === "off" || found.state === "crashed") return { state, result: "already-off" };
    const heard = found.state === "running";
    return { state: write(state, off(found, heard ? "shutdown" : "destroyed")), result: heard ? "shutdown" : "power-cut" };
  };
}

export function powerOff(id: string): Operation<void> {
  return (state) => {
    const found = state.sandboxes.find((sandbox) => sandbox.id === id);
    return { state: found ? write(state, off(found, "destroyed")) : state, result: undefined };
  };
}

export function reboot(id: string): Operation<void> {
  return (state) => {
    const found = find(state, id);
    if (found.state !== "running") {
      throw failure("SANDBOX_NOT_RUNNING", `sandbox ${JSON.stringify(found.spec.name)} is ${found.state}, and cannot reboot`, "Start it.");
    }
    return { state: write(state, { ...found, boots: found.boots + 1 }), result: undefined };
  };
}

export function remove(id: string): Operation<void> {
  return (state) => {
    const found = state.sandboxes.find((sandbox) => sandbox.id === id);
    if (!found) return { state, result: undefined };
    const rest = state.sandboxes.filter((sandbox) => sandbox !== found);
    return { half: write(state, off(found, "destroyed")), state: { ...state, sandboxes: rest }, result: undefined };
  };
}

/** What reservations say, else what the specification does. A guest without either has none. */
export function leases(state: MemoryState, ids: readonly string[]): ReadonlyMap<string, readonly GuestAddress[]> {
  return perRunning(state, ids, (sandbox) =>
    sandbox.spec.nics.flatMap((nic) => {
      const network = networkOf(state, nic.networkName);
      const address = network?.spec.reservations.find(({ mac }) => mac === nic.mac)?.address ?? nic.address;
      if (!network?.active || address === undefined) return [];
      return [{ mac: nic.mac, address, prefix: prefixOf(network.spec), family: "ipv4" as const }];
    }),
  );
}

const prefixOf = ({ cidr }: MemoryNetwork["spec"]): number => (cidr === undefined ? 24 : Cidr.parse(cidr).prefix);
const networkOf = ({ networks }: MemoryState, name: string): MemoryNetwork | undefined => networks.find(({ spec }) => spec.name === name);

/** Every guest has spoken. */
export function counters(state: MemoryState, ids: readonly string[]): ReadonlyMap<string, readonly NicCounters[]> {
  return perRunning(state, ids, ({ spec }) =>
    spec.nics.map(({ mac }) => ({ mac, rxBytes: 1000, txBytes: 1000, rxPackets: 10, txPackets: 10 })),
  );
}

function perRunning<T>(
  state: MemoryState,
  ids: readonly string[],
  read: (sandbox: MemorySandbox) => readonly T[],
): ReadonlyMap<string, readonly T[]> {
  const wanted = new Set(ids);
  return new Map(
    state.sandboxes
      .filter((sandbox) => wanted.has(sandbox.id) && sandbox.state === "running")
      .map((sandbox) => [sandbox.id, read(sandbox)]),
  );
}

export function find(state: MemoryState, id: string): MemorySandbox {
  const found = state.sandboxes.find((sandbox) => sandbox.id === id);
  if (!found) throw notFound("sandbox", id);
  return found;
}

export function write(state: MemoryState, sandbox: MemorySandbox): MemoryState {
  return { ...state, sandboxes: put(state.sandboxes, sandbox, ({ id }) => id === sandbox.id) };
}
