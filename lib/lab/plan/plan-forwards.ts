import type { LabForward } from "../lab.ts";
import type { LabLock } from "../lock/lab-lock.ts";
import { entryOf } from "../entry-of.ts";
import type { Report } from "../path.ts";
import type { ForwardDraft } from "../sandbox-forwards.ts";
import { nameHash } from "./name-hash.ts";

/** Where planned ports are: below those that systems give to outgoing connections, above those of well-known servers. */
const first = 20_000;
const count = 10_000;

/** What a sandbox asks for, on its host. */
export interface ForwardRequest {
  readonly sandbox: string;
  readonly host: string;
  readonly forwards: readonly ForwardDraft[];
}

/**
 * Gives each forward its port of the host: the written ones first, then those of the lock, then the next free one from where the names point to. On one host no port stands for two, whatever
 * the protocol and the address: people read the number.
 *
 * Reports PORT_TAKEN: a port that two forwards ask for, and hosts without a free one.
 *
 * @returns by sandbox
 */
export function planForwards(
  lab: string,
  requests: readonly ForwardRequest[],
  lock: LabLock | undefined,
  report: Report,
): ReadonlyMap<string, readonly LabForward[]> {
  const taken = new Map<string, string>();
  const ports = new Map<string, number>();
  const all = requests
    .flatMap(({ sandbox, host, forwards }) => forwards.map((forward) => ({ sandbox, host, forward, key: `${sandbox} ${forward.name}` })))
    .toSorted((one, other) => (one.key < other.key ? -1 : 1));
  const slot = (host: string, port: number): string => `${host} ${port}`;
  for (const { sandbox, host, forward, key } of all) {
    if (forward.hostPort === undefined) continue;
    // Several protocols, or several addresses, may share a port that somebody wrote.
    const written = `${slot(host, forward.hostPort)} ${forward.protocol}`;
    const other =
      taken.get(`${written} ${forward.address}`) ??
      taken.get(`${written} 0.0.0.0`) ??
      (forward.address === "0.0.0.0" ? taken.get(written) : undefined);
    if (other !== undefined) report(collision(sandbox, other, forward));
    for (const claimed of [slot(host, forward.hostPort), written, `${written} ${forward.address}`]) taken.set(claimed, sandbox);
    ports.set(key, forward.hostPort);
  }
  for (const { sandbox, host, forward, key } of all) {
    const locked = entryOf(entryOf(lock?.sandboxes, sandbox)?.forwards, forward.name);
    if (ports.has(key) || locked === undefined || taken.has(slot(host, locked))) continue;
    taken.set(slot(host, locked), sandbox);
    ports.set(key, locked);
  }
  for (const { sandbox, host, forward, key } of all) {
    if (ports.has(key)) continue;
    const start = nameHash("forward", lab, sandbox, forward.name) % count;
    let step = 0;
    while (step < count && taken.has(slot(host, first + ((start + step) % count)))) step += 1;
    if (step === count) report(exhausted(sandbox, forward));
    const port = first + ((start + step) % count);
    taken.set(slot(host, port), sandbox);
    ports.set(key, port);
  }
  return new Map(
    requests.map(({ sandbox, forwards }) => [
      sandbox,
      forwards.map(({ name, protocol, address, guestPort }) => ({
        name,
        protocol,
        address,
        hostPort: ports.get(`${sandbox} ${name}`) ?? 0,
        guestPort,
      })),
    ]),
  );
}

function collision(sandbox: string, other: string, { hostPort, path }: ForwardDraft): Parameters<Report>[0] {
  const whose = other === sandbox ? "another forward of it" : `sandbox "${other}"`;
  return {
    code: "PORT_TAKEN",
    severity: "error",
    path: [...path, "host"],
    summary: `sandbox "${sandbox}" asks for port ${hostPort} of its host, which ${whose} has`,
    nextStep: "Choose another port, or write `host: auto`: each gets its own, recorded in the lock.",
  };
}

function exhausted(sandbox: string, { name, path }: ForwardDraft): Parameters<Report>[0] {
  return {
    code: "PORT_TAKEN",
    severity: "error",
    path,
    summary: `no port from ${first} to ${first + count - 1} is left for forward ${name} of sandbox "${sandbox}"`,
    nextStep: "Write a port outside of that range.",
  };
}
