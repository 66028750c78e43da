import { tmpdir } from "node:os";
import type { Forward } from "../hypervisor/hypervisor.ts";
import type { Lab, LabSandbox } from "../lab/lab.ts";
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
  await writePrivate(state.sshConfig, sshConfig(sandboxes.flatMap((sandbox) => entry(sandbox, lab, state, hosts, forwards))));
  return state.sshConfig;
}

/** VirtualBox's networks are reached by nobody but their sandboxes: each has a port of this machine for SSH, which the hypervisor has chosen. */
async function sshForwards(lab: Lab, hosts: SshFilesOptions["hosts"]): Promise<ReadonlyMap<string, Forward>> {
  if (lab.hypervisor !== "virtualbox") return new Map();
  const records = (await Promise.all(hosts.map(({ hypervisor }) => hypervisor.listSandboxes({ lab: lab.name })))).flat();
  return new Map(
    records.flatMap(({ owner, forwards = [] }) => {
      const ssh = forwards.find(({ guestPort, protocol }) => guestPort === 22 && protocol === "tcp");
      return owner && ssh ? [[owner.name, ssh] as const] : [];
    }),
  );
}

function entry(
  sandbox: LabSandbox,
  lab: Lab,
  state: StateDirectory,
  hosts: SshFilesOptions["hosts"],
  forwards: ReadonlyMap<string, Forward>,
): Parameters<typeof sshConfig>[0][number][] {
  const forward = forwards.get(sandbox.name);
  const address = forward?.hostAddress ?? sandbox.nics[0]?.address;
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
