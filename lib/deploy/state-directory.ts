import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * `.terrarium/<lab>/` beside the lab: everything that a deployment keeps on this machine.
 *
 * The working directory is two levels down on purpose: the JSON's backend path is relative and must mean the same in `cdktf.out/stacks/<stack>`.
 */
export interface StateDirectory {
  readonly root: string;
  /** Terraform's working directory: JSON, variables, the normalized lab, `seeds/`. */
  readonly terraform: string;
  readonly state: string;
  readonly key: string;
  /** Private key of the login key pair, for ssh. */
  readonly identity: string;
  readonly knownHosts: string;
  readonly sshConfig: string;
  readonly journal: string;
  readonly applied: string;
  readonly applying: string;
  /** What this machine has otherwise than the lock says: JSON. */
  readonly overlay: string;
  /** The lock of a second copy of a lab, which is checked in nowhere. */
  readonly lock: string;
  readonly logs: string;
  /** Bundles of what was found when a sandbox did not get ready. */
  readonly failures: string;
}

/** @param directory absolute path of the folder that the lab file is in */
export function stateDirectory(directory: string, lab: string): StateDirectory {
  const root = join(directory, ".terrarium", lab);
  return {
    root,
    terraform: join(root, "terraform"),
    state: join(root, "terraform.tfstate"),
    key: join(root, "key"),
    identity: join(root, "id_ed25519"),
    knownHosts: join(root, "known_hosts"),
    sshConfig: join(root, "ssh_config"),
    journal: join(root, "journal.json"),
    applied: join(root, "applied.json"),
    applying: join(root, "applying.json"),
    overlay: join(root, "overlay.json"),
    lock: join(root, "terrarium.lock.yaml"),
    logs: join(root, "logs"),
    failures: join(root, "failures"),
  };
}

/** Makes the directory, readable by its owner only, and keeps it out of git. */
export async function createStateDirectory(directory: string, lab: string): Promise<StateDirectory> {
  const state = stateDirectory(directory, lab);
  await mkdir(join(directory, ".terrarium"), { recursive: true, mode: 0o700 });
  await writeFile(join(directory, ".terrarium", ".gitignore"), "*\n");
  for (const folder of [state.root, state.terraform, state.logs]) await mkdir(folder, { recursive: true, mode: 0o700 });
  return state;
}
