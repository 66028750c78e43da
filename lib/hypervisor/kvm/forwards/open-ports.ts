import { createSocket, type Socket } from "node:dgram";
import { createServer, type Server } from "node:net";
import { DiagnosticError } from "../../../diagnostics/diagnostic-error.ts";
import { choosePort, portStart, portTaken } from "../../forward-ports.ts";
import type { ForwardSpec, SandboxSpec } from "../../provisioning.ts";
import type { Relay } from "./read-relays.ts";
import type { RelayedForward } from "./relay.ts";

/** A port of the machine that is ours, and what it is for. */
export interface OpenPort {
  readonly forward: RelayedForward;
  readonly socket: Server | Socket;
}

/**
 * Opens a port for a forward on this machine: the asked one, or a free one. To open it is to have it: no list could be more right.
 *
 * @param kept the port that it had, where it asks for any
 * @param relays of others: who is told to have a port that is taken
 * @throws DiagnosticError PORT_TAKEN, ADDRESS_OUTSIDE_NETWORK for an address that the machine does not have, SYSTEM_REFUSED
 */
export async function openPort(
  spec: Pick<SandboxSpec, "name">,
  forward: ForwardSpec,
  guestAddress: string,
  kept: number | undefined,
  relays: readonly Relay[],
): Promise<OpenPort> {
  const { name, protocol, hostAddress = "127.0.0.1", guestPort } = forward;
  const relayed = (hostPort: number): RelayedForward => ({ name, protocol, hostAddress, hostPort, guestAddress, guestPort });
  const asked = forward.hostPort === 0 ? kept : forward.hostPort;
  if (asked !== undefined) {
    const socket = await listen(protocol, hostAddress, asked, name);
    if (socket) return { forward: relayed(asked), socket };
    if (forward.hostPort !== 0) throw portTaken(spec.name, forward, holderOf(relays, protocol, asked));
  }
  const taken = new Set(relays.flatMap(({ forwards }) => forwards.map(({ hostPort }) => hostPort)));
  const start = portStart(spec.name, forward);
  for (;;) {
    const port = choosePort(taken, start);
    if (port === undefined) throw portTaken(spec.name, forward, "everybody");
    const socket = await listen(protocol, hostAddress, port, name);
    if (socket) return { forward: relayed(port), socket };
    taken.add(port);
  }
}

/** Gives a port back. */
export async function closePort({ socket }: OpenPort): Promise<void> {
  await new Promise<void>((resolve) => {
    socket.close(() => resolve());
  });
}

function holderOf(relays: readonly Relay[], protocol: string, port: number): string {
  const holder = relays.find(({ forwards }) => forwards.some((forward) => forward.protocol === protocol && forward.hostPort === port));
  return holder ? `sandbox ${holder.sandbox}` : "another program of this machine";
}

/** @returns undefined if somebody else has it */
async function listen(protocol: "tcp" | "udp", address: string, port: number, name: string): Promise<Server | Socket | undefined> {
  return await new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException): void => {
      if (error.code === "EADDRINUSE") resolve(undefined);
      else reject(refused(error, address, port, name));
    };
    if (protocol === "udp") {
      const socket = createSocket("udp4");
      socket.once("error", refuse);
      socket.bind({ port, address, exclusive: true }, () => resolve(socket));
    } else {
      // Who comes before the relay has the socket is sent away.
      const server = createServer((client) => client.resetAndDestroy());
      server.once("error", refuse);
      server.listen({ port, host: address, exclusive: true }, () => resolve(server));
    }
  });
}

function refused(error: NodeJS.ErrnoException, address: string, port: number, name: string): DiagnosticError {
  const missing = error.code === "EADDRNOTAVAIL";
  return new DiagnosticError({
    code: missing ? "ADDRESS_OUTSIDE_NETWORK" : "SYSTEM_REFUSED",
    severity: "error",
    summary: missing
      ? `forward "${name}" asks for ${address}, which is no address of this machine`
      : `port ${port} of ${address} for forward "${name}" cannot be opened: ${error.message}`,
    nextStep: missing ? "Use 127.0.0.1, 0.0.0.0 or an address that `ip address` shows." : "Use a port above 1023, or run as root.",
  });
}
