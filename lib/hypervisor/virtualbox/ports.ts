import { createServer } from "node:net";
import { createSocket } from "node:dgram";
import { join } from "node:path";
import { checkForward, choosePort, portStart, portTaken } from "../forward-ports.ts";
import type { Forward } from "../hypervisor.ts";
import type { ForwardSpec, SandboxSpec } from "../provisioning.ts";
import { readIfThere, replaceFile } from "./files.ts";
import { readView, type View, type VirtualBox } from "./host.ts";
import { withLockFile } from "./lock-file.ts";
import { readJson } from "./owner.ts";
import { machineForwards } from "./sandbox-record.ts";

/** Who has a host port: `<sandbox's UUID>/<forward's name>`. */
type Ports = Readonly<Record<string, string>>;

/**
 * Gives every forward its host port: the asked one, else the one it has, else a free one. What is given is written down before it is used, under a lock that all processes take: VirtualBox itself
 * takes the same port twice, and any number that is none.
 *
 * @throws DiagnosticError PORT_TAKEN, OUT_OF_RANGE
 */
export async function assignPorts(
  box: VirtualBox,
  id: string,
  { name, forwards }: Pick<SandboxSpec, "name" | "forwards">,
): Promise<Forward[]> {
  // VirtualBox takes 65536 for 0 and 70000 for 4464.
  for (const forward of forwards) checkForward(name, forward);
  if (forwards.length === 0) return [];
  return await withLockFile(join(box.layout.locks, "ports"), async () => {
    const view = await readView(box);
    const known = portsOf(await readIfThere(box.layout.portsFile), view, id);
    const mine = new Map(
      view.all
        .filter((machine) => machine.id === id)
        .flatMap((machine) => machineForwards(machine, view))
        .map((forward) => [forward.name, forward]),
    );
    const others = new Map(
      Object.entries(known)
        .filter(([, who]) => !who.startsWith(`${id}/`))
        .map(([port, who]) => [Number(port), who]),
    );
    for (const [port, who] of rulesOf(view, id)) if (!others.has(port)) others.set(port, who);
    const given = new Map(
      Object.entries(known)
        .filter(([, who]) => who.startsWith(`${id}/`))
        .map(([port, who]) => [who.slice(id.length + 1), Number(port)]),
    );
    const taken = new Set([...others.keys(), ...forwards.map(({ hostPort }) => hostPort), ...given.values()]);
    const result: Forward[] = [];
    for (const forward of forwards) {
      const { protocol, guestPort, hostAddress = "127.0.0.1" } = forward;
      if (forward.hostPort !== 0 && others.has(forward.hostPort)) throw portTaken(name, forward, others.get(forward.hostPort));
      const kept = mine.get(forward.name)?.hostPort ?? given.get(forward.name);
      const hostPort = forward.hostPort !== 0 ? forward.hostPort : (kept ?? (await freePort(taken, name, forward)));
      taken.add(hostPort);
      result.push({ name: forward.name, protocol, hostAddress, hostPort, guestPort });
    }
    const entries = [
      ...[...others].filter(([port]) => known[port] !== undefined),
      ...result.map(({ hostPort, name: rule }) => [hostPort, `${id}/${rule}`] as const),
    ];
    await replaceFile(box.layout.portsFile, JSON.stringify(Object.fromEntries(entries)));
    return result.sort((a, b) => (a.name < b.name ? -1 : 1));
  });
}

/** Gives a removed sandbox's ports back. */
export async function releasePorts({ layout }: VirtualBox, id: string): Promise<void> {
  if ((await readIfThere(layout.portsFile)) === undefined) return;
  await withLockFile(join(layout.locks, "ports"), async () => {
    const rest = Object.entries(readJson(await readIfThere(layout.portsFile))).filter(
      ([, who]) => typeof who === "string" && !who.startsWith(`${id}/`),
    );
    await replaceFile(layout.portsFile, JSON.stringify(Object.fromEntries(rest)));
  });
}

/** What is written down, of sandboxes that are there; `id` is just being made. */
function portsOf(text: string | undefined, { all }: View, id: string): Ports {
  const alive = new Set([id, ...all.map((machine) => machine.id)]);
  return Object.fromEntries(
    Object.entries(readJson(text)).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string" && alive.has(entry[1].split("/")[0] ?? ""),
    ),
  );
}

/** Ports of all rules of other machines, strangers' included. */
function rulesOf({ all, natNetworks }: View, id: string): [number, string][] {
  return [
    ...all
      .filter((machine) => machine.id !== id)
      .flatMap(({ name, adapters }) => adapters.flatMap(({ rules }) => rules.map(({ hostPort }): [number, string] => [hostPort, name]))),
    ...natNetworks.flatMap(({ name, forwards }) =>
      forwards.filter((rule) => !rule.name.startsWith(`${id}.`)).map(({ hostPort }): [number, string] => [hostPort, `network ${name}`]),
    ),
  ];
}

async function freePort(taken: Set<number>, sandbox: string, forward: ForwardSpec): Promise<number> {
  const start = portStart(sandbox, forward);
  for (;;) {
    const port = choosePort(taken, start);
    if (port === undefined) throw portTaken(sandbox, forward, "everybody");
    if (await isFree(forward.protocol, forward.hostAddress ?? "127.0.0.1", port)) return port;
    taken.add(port);
  }
}

/** True if a server could listen there now. */
async function isFree(protocol: "tcp" | "udp", host: string, port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    if (protocol === "udp") {
      const socket = createSocket("udp4");
      socket.once("error", () => resolve(false));
      socket.bind(port, host, () => socket.close(() => resolve(true)));
    } else {
      const server = createServer();
      server.once("error", () => resolve(false));
      server.listen(port, host, () => server.close(() => resolve(true)));
    }
  });
}
