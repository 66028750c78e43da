import type { SandboxRecord } from "../hypervisor/hypervisor.ts";
import type { DeployHost } from "./hosts.ts";

/** The sandbox of that name on a host, ours or not; undefined if there is none. */
export async function findSandbox({ hypervisor }: DeployHost, nameOnHost: string): Promise<SandboxRecord | undefined> {
  return (await hypervisor.listSandboxes()).find(({ name }) => name === nameOnHost);
}
