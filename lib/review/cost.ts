import type { Lab, LabSandbox } from "../lab/lab.ts";
import type { Cost } from "./review.ts";

export function costOf({ cpus, memory, disk, disks }: LabSandbox): Cost {
  return { cpus, memory, disk: disk + disks.reduce((sum, { size }) => sum + size, 0) };
}

export function costOfLab(lab: Lab | undefined): Cost {
  return Object.values(lab?.sandboxes ?? {})
    .map(costOf)
    .reduce((sum, one) => ({ cpus: sum.cpus + one.cpus, memory: sum.memory + one.memory, disk: sum.disk + one.disk }), {
      cpus: 0,
      memory: 0,
      disk: 0,
    });
}
