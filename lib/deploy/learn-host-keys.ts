import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import type { Hypervisor } from "../hypervisor/hypervisor.ts";
import type { ReadyTarget } from "../ready/target.ts";
import { hostKeysFromConsole } from "../ssh/console-host-keys.ts";
import { hostKeyAlias, knownHostsLine } from "../ssh/known-hosts.ts";
import type { Deployed } from "./deployed.ts";
import { findSandbox } from "./find-sandbox.ts";
import { readTextIfAny, writePrivate } from "./files.ts";
import type { StateDirectory } from "./state-directory.ts";

/** Host keys that were learned from sandboxes without a seed. `writeSshFiles` computes the others, and adds these. */
export function learnedHostsFile(state: Pick<StateDirectory, "root">): string {
  return join(state.root, "known_hosts.learned");
}

/** Lines for `known_hosts`; empty if nothing was learned. */
export async function readLearnedHosts(state: Pick<StateDirectory, "root">): Promise<string> {
  return (await readTextIfAny(learnedHostsFile(state))) ?? "";
}

/**
 * Finds out the host keys of a sandbox that got none from a seed, over ways that nobody between can change: its guest agent, else what cloud-init printed on its
 * console. Records them; does nothing if neither tells yet.
 */
export async function learnHostKeys({ lab, state, hosts }: Deployed, { sandbox, nameOnHost }: ReadyTarget): Promise<void> {
  const host = hosts.find(({ name }) => name === sandbox.host);
  const record = host && (await findSandbox(host, nameOnHost));
  if (!host || record?.owner?.lab !== lab.name || sandbox.seed !== "none") return;
  const keys = (await keysFromAgent(host.hypervisor, record.id)) ?? (await keysFromConsole(host.hypervisor, record.id));
  if (keys.length === 0) return;
  const alias = hostKeyAlias(sandbox.name, lab.name);
  const former = (await readLearnedHosts(state)).split("\n").filter((line) => line !== "" && !line.startsWith(`${alias} `));
  const learned = keys.map((publicKey) => knownHostsLine(alias, undefined, publicKey));
  await writePrivate(learnedHostsFile(state), [...former, ...learned].map((line) => `${line}\n`).join(""));
  await appendFile(state.knownHosts, learned.map((line) => `${line}\n`).join(""), { mode: 0o600 });
}

const keyFiles = ["ed25519", "ecdsa", "rsa"].map((type) => `/etc/ssh/ssh_host_${type}_key.pub`);

/** Undefined if the agent does not answer, or the guest has no key where OpenSSH keeps it. */
async function keysFromAgent(hypervisor: Hypervisor, id: string): Promise<string[] | undefined> {
  const keys: string[] = [];
  for (const file of keyFiles) {
    try {
      keys.push((await hypervisor.readGuestFile(id, file)).toString("utf8").trim());
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      if (error.diagnostics.some(({ code }) => code === "AGENT_DOWN")) return undefined;
    }
  }
  return keys.length > 0 ? keys : undefined;
}

async function keysFromConsole(hypervisor: Hypervisor, id: string): Promise<string[]> {
  try {
    return hostKeysFromConsole((await hypervisor.readConsoleTail(id, 2 ** 20)).toString("utf8"));
  } catch (error) {
    if (error instanceof DiagnosticError) return [];
    throw error;
  }
}
