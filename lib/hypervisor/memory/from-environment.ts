import type { MemoryFault } from "./faults.ts";
import type { MemoryOptions } from "./memory-hypervisor.ts";

/**
 * How a process is told of its host, for instance a provider that Terraform starts:
 * `TERRARIUM_MEMORY_HOST` (the host's file), `TERRARIUM_MEMORY_FAULTS` (a JSON list of faults, or the absolute path of a file that holds one).
 *
 * @example memoryHypervisor(memoryOptionsFrom(process.env))
 */
export function memoryOptionsFrom(environment: Readonly<Record<string, string | undefined>>): MemoryOptions {
  const { TERRARIUM_MEMORY_HOST: file = "", TERRARIUM_MEMORY_FAULTS: faults = "" } = environment;
  return {
    ...(file === "" ? {} : { file }),
    ...(faults === "" ? {} : faults.startsWith("/") ? { faultsFile: faults } : { faults: JSON.parse(faults) as readonly MemoryFault[] }),
  };
}
