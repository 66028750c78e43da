import { tinyImage } from "../../../fixtures/embedded-host.ts";
import { makeLabRunner, type LabRunner, type TestedProvider } from "../../../fixtures/lab-runner.ts";
import type { Leftovers } from "../../../fixtures/leftovers.ts";

/**
 * Does work with labs of its own, and clears all of them away.
 *
 * @returns what the last destroy had left
 */
export async function withLabs(work: (labs: LabRunner) => Promise<void>): Promise<Leftovers> {
  const labs = await makeLabRunner();
  try {
    await work(labs);
  } catch (error) {
    await labs.dispose();
    throw error;
  }
  return await labs.dispose();
}

interface FaultLab {
  readonly lab?: string;
  readonly ready?: "none" | "ssh";
  readonly sandboxes?: object;
  /** @default "libvirt" */
  readonly provider?: TestedProvider;
}

const both = { one: { disks: [{ size: "16MiB" }] }, two: {} };

/** Two sandboxes, a network, an extra disk, and nothing to wait for: small, since Terraform's provider costs seconds of CPU for each plan. */
export async function faultLab({ lab = "fl", ready = "none", sandboxes = both, provider = "libvirt" }: FaultLab = {}): Promise<object> {
  return {
    lab,
    provider,
    hosts: { local: { uri: "embedded" } },
    images: { tiny: { path: await tinyImage() } },
    networks: { net: { mode: "isolated" } },
    defaults: { image: "tiny", cpus: 1, memory: "128MiB", disk: "100MiB", ready, networks: ["net"] },
    sandboxes,
  };
}
