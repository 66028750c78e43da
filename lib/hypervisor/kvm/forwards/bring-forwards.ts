import { setTimeout as sleep } from "node:timers/promises";
import { DiagnosticError } from "../../../diagnostics/diagnostic-error.ts";
import { checkForward } from "../../forward-ports.ts";
import type { ForwardSpec, SandboxSpec } from "../../provisioning.ts";
import { closePort, openPort, type OpenPort } from "./open-ports.ts";
import { readRelays, type Relay } from "./read-relays.ts";
import { startRelay } from "./start-relay.ts";

/** How forwards of a host are made; absent for a host that is another machine. */
export interface ForwardHost {
  readonly uri: string;
  /** Words before a program that bring it into the network of the host's sandboxes. */
  readonly enterNetwork: readonly string[];
}

/**
 * Brings a sandbox's forwards to the specification, also while it runs; those that are as wanted are not touched. Where one changes, connections through all of the sandbox's forwards end.
 *
 * @throws DiagnosticError PORT_TAKEN, with all as it was
 */
export async function bringForwards(host: ForwardHost, id: string, spec: SandboxSpec): Promise<void> {
  const relays = await readRelays();
  const mine = relays.filter(({ sandbox }) => sandbox === id);
  if (spec.forwards.length === 0) return await endRelays(mine);
  if (mine.length === 1 && isAsWanted(mine[0], spec)) return;
  const ports = await openForwards(spec, mine, relays);
  await handOver(host, id, ports);
}

/** Opens the ports of a sandbox that is about to be made, so that a taken one is told before anything is there. */
export async function openNewForwards(spec: SandboxSpec): Promise<readonly OpenPort[]> {
  return spec.forwards.length === 0 ? [] : await openForwards(spec, [], await readRelays());
}

/** Gives open ports to a relay of their own. */
export async function handOver({ uri, enterNetwork }: ForwardHost, id: string, ports: readonly OpenPort[]): Promise<void> {
  if (ports.length === 0) return;
  try {
    await startRelay(id, uri, ports, enterNetwork);
  } finally {
    await closeForwards(ports);
  }
}

export async function closeForwards(ports: readonly OpenPort[]): Promise<void> {
  await Promise.all(ports.map(closePort));
}

/** Ends the forwards of a sandbox that goes. */
export async function removeForwards(id: string): Promise<void> {
  await endRelays((await readRelays()).filter(({ sandbox }) => sandbox === id));
}

async function openForwards(spec: SandboxSpec, mine: readonly Relay[], all: readonly Relay[]): Promise<OpenPort[]> {
  for (const forward of spec.forwards) checkForward(spec.name, forward);
  const guest = guestAddress(spec);
  const others = all.filter((relay) => !mine.includes(relay));
  const held = mine.flatMap(({ forwards }) => forwards);
  const kept = ({ name, protocol }: ForwardSpec): number | undefined =>
    held.find((one) => one.name === name && one.protocol === protocol)?.hostPort;
  const isHeld = (forward: ForwardSpec): boolean => {
    const port = forward.hostPort === 0 ? kept(forward) : forward.hostPort;
    return held.some(({ protocol, hostPort }) => protocol === forward.protocol && hostPort === port);
  };
  const opened: OpenPort[] = [];
  const open = async (forward: ForwardSpec): Promise<void> => void opened.push(await openPort(spec, forward, guest, kept(forward), others));
  // First asked ports, so that no free one is chosen that somebody here asks for. Those that the old relay has are free only when it is gone.
  const sorted = spec.forwards.toSorted((one, other) => other.hostPort - one.hostPort);
  try {
    for (const forward of sorted) if (!isHeld(forward)) await open(forward);
    await endRelays(mine);
    for (const forward of sorted) if (isHeld(forward)) await open(forward);
  } catch (error) {
    await closeForwards(opened);
    throw error;
  }
  return opened;
}

/** @throws DiagnosticError HYPERVISOR_UNSUPPORTED */
function guestAddress({ name, nics }: SandboxSpec): string {
  const address = nics.find((nic) => nic.address !== undefined)?.address;
  if (address !== undefined) return address;
  throw new DiagnosticError({
    code: "HYPERVISOR_UNSUPPORTED",
    severity: "error",
    summary: `sandbox "${name}" has forwarded ports, and no NIC whose address is known`,
    nextStep: "Give it a NIC in a network with reserved addresses, and that NIC its address.",
  });
}

function isAsWanted(relay: Relay | undefined, spec: SandboxSpec): boolean {
  const address = spec.nics.find((nic) => nic.address !== undefined)?.address;
  return (
    relay?.forwards.length === spec.forwards.length &&
    spec.forwards.every(({ name, protocol, hostAddress = "127.0.0.1", hostPort, guestPort }) =>
      relay.forwards.some(
        (is) =>
          is.name === name &&
          is.protocol === protocol &&
          is.hostAddress === hostAddress &&
          (hostPort === 0 || is.hostPort === hostPort) &&
          is.guestPort === guestPort &&
          is.guestAddress === address,
      ),
    )
  );
}

/** Ends relays, and waits until their ports are free. */
async function endRelays(relays: readonly Relay[]): Promise<void> {
  for (const { pid } of relays) end(pid);
  const pids = new Set(relays.map(({ pid }) => pid));
  for (let attempt = 0; attempt < 200 && pids.size > 0; attempt += 1) {
    const left = new Set((await readRelays()).map(({ pid }) => pid));
    for (const pid of pids) if (!left.has(pid)) pids.delete(pid);
    if (pids.size > 0) await sleep(10);
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
