import { tmpdir } from "node:os";
import type { Forward } from "../hypervisor/hypervisor.ts";
import { addressFromHost, type Lab, type LabSandbox } from "../lab/lab.ts";
import { isSameMac } from "../lab/plan/deployment-mac.ts";
import { controlPath } from "../ssh/control-path.ts";
import { hostKeyPair, loginKeyPair } from "../ssh/deployment-secrets.ts";
import { hostKeyAlias, knownHostsFile } from "../ssh/known-hosts.ts";
import { sshConfig } from "../ssh/ssh-config.ts";
import { writeKeyFile } from "../ssh/write-key-file.ts";
import { readLearnedHosts } from "./learn-host-keys.ts";
import { findDeploymentKey } from "./deployment-key.ts";
import { writePrivate } from "./files.ts";
import type { DeployHost } from "./hosts.ts";
import type { StateDirectory } from "./state-directory.ts";

export interface SshFilesOptions {
  readonly state: StateDirectory;
  readonly lab: Lab;
  readonly hosts: readonly Pick<DeployHost, "name" | "proxyCommand" | "hypervisor">[];
  readonly env: Readonly<NodeJS.ProcessEnv>;
}

/**
 * Writes what ssh needs: the login key, the known hosts (computed from the deployment's key, never learned) and a configuration.
 *
 * @returns path of the configuration
 */
export async function writeSshFiles({ state, lab, hosts, env }: SshFilesOptions): Promise<string> {
  const key = await findDeploymentKey(state.key, env);
  const sandboxes = Object.values(lab.sandboxes);
  if (key) {
    await writeKeyFile(state.identity, loginKeyPair(key).privateKey);
    const known = sandboxes
      .filter(({ seed }) => seed !== "none")
      .map(({ name }) => ({ host: hostKeyAlias(name, lab.name), publicKey: hostKeyPair(key, name).publicKey }));
    await writePrivate(state.knownHosts, knownHostsFile(known) + (await readLearnedHosts(state)));
  }
  const forwards = await sshForwards(lab, hosts);
  const found = await openAddresses(lab, hosts);
  await writePrivate(state.sshConfig, sshConfig(sandboxes.flatMap((sandbox) => entry(sandbox, lab, state, hosts, forwards, found))));
  return state.sshConfig;
}

/** VirtualBox's networks are reached by nobody but their sandboxes: each has a port of this machine for SSH, which the hypervisor has chosen. */
async function sshForwards(lab: Lab, hosts: SshFilesOptions["hosts"]): Promise<ReadonlyMap<string, Forward>> {
  if (lab.hypervisor !== "virtualbox") return new Map();
  const records = (await Promise.all(hosts.map(({ hypervisor }) => hypervisor.listSandboxes({ lab: lab.name })))).flat();
  return new Map(
    records.flatMap(({ owner, forwards = [] }) => {
      const ssh = forwards.find(({ name, protocol }) => name === "ssh" && protocol === "tcp");
      return owner && ssh ? [[owner.name, ssh] as const] : [];
    }),
  );
}

/** Addresses of sandboxes of which the lab says none: somebody else in their network gave it. By sandbox. */
async function openAddresses(lab: Lab, hosts: SshFilesOptions["hosts"]): Promise<ReadonlyMap<string, string>> {
  const open = Object.values(lab.sandboxes).filter(
    (sandbox) => addressFromHost(sandbox) === undefined && sandbox.nics.some(({ address }) => address === undefined),
  );
  const found = new Map<string, string>();
  for (const { name, hypervisor } of hosts) {
    const here = open.filter(({ host }) => host === name);
    if (here.length === 0) continue;
    const records = (await hypervisor.listSandboxes({ lab: lab.name })).filter(({ state }) => state === "running");
    const withAgent = records.filter(({ agent }) => agent === "connected").map(({ id }) => id);
    const [agents, neighbours] = [
      await hypervisor.readAddresses(withAgent, "agent"),
      await hypervisor.readAddresses(
        records.map(({ id }) => id),
        "neighbour",
      ),
    ];
    for (const { name: sandbox, nics } of here) {
      const record = records.find(({ owner }) => owner?.name === sandbox);
      const seen = record ? [...(agents.get(record.id) ?? []), ...(neighbours.get(record.id) ?? [])] : [];
      const first = seen.find(({ mac, family }) => family === "ipv4" && nics.some((nic) => isSameMac(nic.mac, mac)));
      if (first) found.set(sandbox, first.address);
    }
  }
  return found;
}

function entry(
  sandbox: LabSandbox,
  lab: Lab,
  state: StateDirectory,
  hosts: SshFilesOptions["hosts"],
  forwards: ReadonlyMap<string, Forward>,
  found: ReadonlyMap<string, string>,
): Parameters<typeof sshConfig>[0][number][] {
  const forward = forwards.get(sandbox.name);
  const address =
    forward?.hostAddress ??
    addressFromHost(sandbox) ??
    found.get(sandbox.name) ??
    sandbox.nics.find((nic) => nic.address !== undefined)?.address;
  if (address === undefined) return [];
  const port = forward?.hostPort ?? 22;
  return [
    {
      sandbox: sandbox.name,
      lab: lab.name,
      user: sandbox.user,
      address,
      port,
      identityFile: state.identity,
      knownHostsFile: state.knownHosts,
      proxyCommand: hosts.find(({ name }) => name === sandbox.host)?.proxyCommand,
      controlPath: controlPath([state.root, tmpdir()], [sandbox.user, address, port]),
    },
  ];
}
