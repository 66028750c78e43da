import { spawnSync } from "node:child_process";

/** True if the program is on PATH and can be started. */
export function isInstalled(program: string): boolean {
  return spawnSync(program, ["-V"], { stdio: "ignore" }).error === undefined;
}

/** True if this user may make namespaces of its own, as the dropbear in these tests needs. */
export function hasNamespaces(): boolean {
  return spawnSync("unshare", ["--mount", "--net", "--pid", "--fork", "true"], { stdio: "ignore" }).status === 0;
}
