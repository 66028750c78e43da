import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { LabForward, LabSandbox } from "../../lab/lab.ts";
import type { WorldCheck } from "../own-world.ts";
import type { ListeningSocket } from "../world.ts";

/** A forward whose port of the host something listens on already. */
export interface TakenPort {
  readonly sandbox: LabSandbox;
  readonly forward: LabForward;
  readonly socket: ListeningSocket;
  /** The next free choice; undefined if there is none. */
  readonly free?: number;
}

/** Finds forwards whose ports are taken. A port that the applied lab has is its own. Pure. */
export function findTakenPorts({ lab, world, applied }: WorldCheck): TakenPort[] {
  const here = Object.values(lab.sandboxes).filter(({ host }) => host === world.host);
  const given = new Set(Object.values(lab.sandboxes).flatMap(({ forwards = [] }) => forwards.map(({ hostPort }) => hostPort)));
  return here.flatMap((sandbox) =>
    (sandbox.forwards ?? []).flatMap((forward): TakenPort[] => {
      if (isApplied(applied, forward)) return [];
      const socket = world.sockets.find((one) => isInTheWay(one, forward));
      if (!socket) return [];
      const free = nextFree(forward, world.sockets, given);
      if (free !== undefined) given.add(free);
      return [{ sandbox, forward, socket, ...(free !== undefined && { free }) }];
    }),
  );
}

/** Whichever sandbox had it: it is let go before another takes it. */
function isApplied(applied: WorldCheck["applied"], { hostPort, protocol }: LabForward): boolean {
  const all = Object.values(applied?.sandboxes ?? {}).flatMap(({ forwards = [] }) => forwards);
  return all.some((one) => one.hostPort === hostPort && one.protocol === protocol);
}

const isAny = (address: string): boolean => address === "0.0.0.0" || address === "::";

function isInTheWay({ protocol, address, port }: ListeningSocket, forward: Pick<LabForward, "protocol" | "address" | "hostPort">): boolean {
  if (protocol !== forward.protocol || port !== forward.hostPort) return false;
  return isAny(address) || isAny(forward.address) || address === forward.address;
}

function nextFree(forward: LabForward, sockets: readonly ListeningSocket[], given: ReadonlySet<number>): number | undefined {
  for (let hostPort = forward.hostPort + 1; hostPort <= 65_535; hostPort++) {
    if (!given.has(hostPort) && !sockets.some((socket) => isInTheWay(socket, { ...forward, hostPort }))) return hostPort;
  }
  return undefined;
}

export function portDiagnostics(check: WorldCheck): Diagnostic[] {
  return findTakenPorts(check).map(({ sandbox, forward: { name, protocol, address, hostPort }, socket, free }) => ({
    code: "PORT_TAKEN",
    severity: "error",
    path: ["sandboxes", sandbox.writtenAs, "forward"],
    summary: `forward ${name} of sandbox "${sandbox.name}" is to listen on ${address} port ${hostPort} (${protocol.toUpperCase()}), and on this machine something listens on ${socket.address} port ${socket.port}${free === undefined ? "" : `; the next free port is ${free}`}`,
    nextStep: `Run it with --relocate, which takes another port on this machine only, or write \`host:${free === undefined ? "" : ` ${free}`}\`. \`sudo ss -lnp sport = :${hostPort}\` says what listens.`,
  }));
}
