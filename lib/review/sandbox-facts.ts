import type { LabSandbox } from "../lab/lab.ts";
import { size } from "./difference.ts";

/** What a sandbox is, in short. */
export function factsOf({ name, cpus, memory, disk, disks, nics, overrides }: LabSandbox): string[] {
  return [
    cpus === 1 ? "1 CPU" : `${cpus} CPUs`,
    size(memory),
    size(disk),
    ...disks.map((extra) => `disk ${extra.name} ${size(extra.size)}`),
    ...nics.map(({ address = "NIC", network }) => `${address} (${network === name ? "own network" : network})`),
    ...Object.keys(overrides).map((key) => `override ${key}`),
  ];
}
