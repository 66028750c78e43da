import { readdir, readFile } from "node:fs/promises";
import type { Forward } from "../../hypervisor.ts";
import type { RelayedForward } from "./relay.ts";

/** The word by which a relay's command line is known. */
export const relayMark = "terrarium-forwards";

/** A relay that runs on this machine. */
export interface Relay {
  readonly pid: number;
  /** The sandbox's id. */
  readonly sandbox: string;
  readonly forwards: readonly RelayedForward[];
}

/** All relays of this machine, whoever started them. */
export async function readRelays(): Promise<Relay[]> {
  // Only Linux has it, and only there is KVM.
  const entries = await readdir("/proc").catch(ignoreMissing([]));
  const found = await Promise.all(
    entries
      .filter((entry) => /^\d+$/.test(entry))
      .map(async (pid) => parseRelay(Number(pid), await readFile(`/proc/${pid}/cmdline`, "utf8").catch(ignoreMissing("")))),
  );
  return found.filter((relay) => relay !== undefined);
}

/** What a command line says. Pure. @returns undefined for another program's */
export function parseRelay(pid: number, commandLine: string): Relay | undefined {
  if (!commandLine.includes(`\0${relayMark}\0`)) return undefined;
  const words = commandLine.split("\0");
  const [sandbox, , text = ""] = words.slice(words.indexOf(relayMark) + 1);
  const forwards = parseForwards(text);
  // The `nsenter` that starts one has the same words.
  return sandbox === undefined || forwards === undefined || words[0]?.endsWith("nsenter") ? undefined : { pid, sandbox, forwards };
}

function parseForwards(text: string): readonly RelayedForward[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? (value as readonly RelayedForward[]) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The forwards of a sandbox as its record has them, by name. Pure. */
export function forwardsOf(relays: readonly Relay[], sandbox: string): Forward[] {
  return relays
    .filter((relay) => relay.sandbox === sandbox)
    .flatMap(({ forwards }) =>
      forwards.map(({ name, protocol, hostAddress, hostPort, guestPort }) => ({ name, protocol, hostAddress, hostPort, guestPort })),
    )
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** Processes come and go while we look. */
function ignoreMissing<T>(value: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (["ENOENT", "ESRCH", "EACCES", "ENOTDIR"].includes(error.code ?? "")) return value;
    throw error;
  };
}
