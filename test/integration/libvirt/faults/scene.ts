import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { stateDirectory, type StateDirectory } from "../../../../lib/deploy/state-directory.ts";
import { hostPaths, type HostPaths } from "../../../../lib/host/host-directory.ts";

/** What can be seen of a command at work: the files that it, Terraform and libvirt write. Read synchronously: a moment must not pass while we look. */
export interface Scene {
  readonly state: StateDirectory;
  readonly host: HostPaths;
}

export function sceneOf({ directory, hostDirectory }: { readonly directory: string; readonly hostDirectory: string }, lab: string): Scene {
  return { state: stateDirectory(directory, lab), host: hostPaths("local", hostDirectory) };
}

export const textOf = (path: string): string => {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) return "";
    throw error;
  }
};

export const filesIn = (directory: string, end: string): string[] =>
  existsSync(directory) ? readdirSync(directory).filter((name) => name.endsWith(end)) : [];

export const inState = ({ state }: Scene, ...path: string[]): string => join(state.terraform, ...path);

export const deploymentOf = (scene: Scene): string | undefined =>
  /"deployment_id": *"([0-9a-f]+)"/.exec(textOf(inState(scene, "terrarium.auto.tfvars.json")))?.[1];

/** Domains that libvirt has stored. */
export const domains = ({ host }: Scene): string[] => filesIn(join(host.etc, "qemu"), ".xml");
/** Domains that run. */
export const running = ({ host }: Scene): string[] => filesIn(join(host.run, "qemu"), ".pid").filter((name) => name !== "driver.pid");
export const networks = ({ host }: Scene): string[] => filesIn(join(host.etc, "qemu", "networks"), ".xml");
export const pools = ({ host }: Scene): string[] => filesIn(join(host.etc, "storage"), ".xml");

/** Files of the deployment's pool. */
export function volumes(scene: Scene, end: string): string[] {
  const deployment = deploymentOf(scene);
  return deployment === undefined ? [] : filesIn(`/var/lib/terrarium/pools/${deployment}-local`, end);
}
