import type { HostFacts } from "../hypervisor.ts";
import type { VirtualBox } from "./host.ts";

/** Reads `list hostinfo`. Pure. */
export function parseHostInfo(output: string): { readonly cpus: number; readonly memoryBytes: number; readonly virtualization: boolean } {
  const field = (name: string): string => new RegExp(`^${name}: *(.*?)\\r?$`, "m").exec(output)?.[1] ?? "";
  return {
    cpus: Number.parseInt(field("Processor online count"), 10) || 0,
    memoryBytes: (Number.parseInt(field("Memory size"), 10) || 0) * 2 ** 20,
    virtualization: field("Processor supports HW virtualization") === "yes",
  };
}

export async function readHostFacts({ vbox }: VirtualBox): Promise<HostFacts> {
  const version = (await vbox.run(["--version"])).trim().split("\n").at(-1) ?? "";
  const { cpus, memoryBytes } = parseHostInfo(await vbox.run(["list", "hostinfo"]));
  return {
    hypervisor: "VirtualBox",
    hypervisorVersion: /^\d+\.\d+\.\d+/.exec(version)?.[0] ?? version,
    libraryVersion: version,
    architecture: process.arch === "arm64" ? "aarch64" : "x86_64",
    cpus,
    memoryBytes,
    offersKvm: false,
  };
}
