import { kvmHypervisor } from "../../../../lib/hypervisor/kvm/kvm-hypervisor.ts";
import type { DiskSpec, NetworkSpec, SandboxSpec } from "../../../../lib/hypervisor/provisioning.ts";

/** What a process of its own does on a host, for tests of several at once and of killed ones. */
export interface WorkElsewhere {
  readonly uri: string;
  /** Made one after the other, each removed again if `thenRemove`. */
  readonly disks?: readonly DiskSpec[];
  readonly thenRemove?: boolean;
  readonly network?: NetworkSpec;
  readonly sandbox?: SandboxSpec;
}

const work = JSON.parse(process.argv[2] ?? "{}") as WorkElsewhere;
const driver = kvmHypervisor(work.uri);
if (work.network) await driver.createNetwork(work.network);
for (const spec of work.disks ?? []) {
  const { id } = await driver.createDisk(spec);
  if (work.thenRemove) await driver.removeDisk(id);
}
if (work.sandbox) await driver.createSandbox(work.sandbox);
