import { createHash } from "node:crypto";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import type { ForwardSpec } from "./provisioning.ts";

/** Where free ports are looked for: below those that systems give to outgoing connections, above those of well-known servers. */
const first = 20_000;
const last = 29_999;

/** Chooses a port that nobody has, from a start that depends on the sandbox, so that equal labs get equal ports. Pure. */
export function choosePort(taken: ReadonlySet<number>, start: number): number | undefined {
  const count = last - first + 1;
  for (let step = 0; step < count; step += 1) {
    const port = first + ((start + step) % count);
    if (!taken.has(port)) return port;
  }
  return undefined;
}

/** Where the search for a forward's port begins. Pure. */
export function portStart(sandbox: string, { name }: Pick<ForwardSpec, "name">): number {
  return createHash("sha256").update(`${sandbox}/${name}`).digest().readUInt32BE(0);
}

/** @throws DiagnosticError OUT_OF_RANGE for ports, addresses and names that no forward can have */
export function checkForward(sandbox: string, { name, hostPort, guestPort, hostAddress = "127.0.0.1" }: ForwardSpec): void {
  const wrong = [
    ...(Number.isInteger(hostPort) && hostPort >= 0 && hostPort <= 65_535 ? [] : [`host port ${hostPort}`]),
    ...(Number.isInteger(guestPort) && guestPort >= 1 && guestPort <= 65_535 ? [] : [`guest port ${guestPort}`]),
    ...(/^(\d{1,3})(\.\d{1,3}){3}$/.test(hostAddress) && hostAddress.split(".").every((part) => Number(part) <= 255)
      ? []
      : [`host address ${hostAddress}`]),
    ...(/^[\w-]+$/.test(name) ? [] : [`name ${JSON.stringify(name)}`]),
  ];
  if (wrong.length === 0) return;
  throw new DiagnosticError({
    code: "OUT_OF_RANGE",
    severity: "error",
    summary: `forward "${name}" of sandbox "${sandbox}" cannot have ${wrong.join(", ")}`,
    nextStep: "Use ports from 1 to 65535 (host: or auto), an IPv4 address of the host, and letters, digits and hyphens in the name.",
  });
}

/** @param who has it, as far as that is known */
export function portTaken(
  sandbox: string,
  { name, hostPort }: Pick<ForwardSpec, "name" | "hostPort">,
  who: string | undefined,
): DiagnosticError {
  return new DiagnosticError({
    code: "PORT_TAKEN",
    severity: "error",
    summary:
      hostPort === 0
        ? `no host port is left for forward "${name}" of sandbox "${sandbox}"`
        : `host port ${hostPort} for forward "${name}" of sandbox "${sandbox}" belongs to ${who ?? "another"}`,
    nextStep: "Choose another host port, or `auto`.",
  });
}
