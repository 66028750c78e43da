/** Terrarium as a library: labs in TypeScript, and the checks of cloud-init. The command and everything behind it is not part of the API. */
export { CloudInit, type CloudInitProps } from "../constructs/cloud-init.ts";
export { Disk, type DiskProps } from "../constructs/disk.ts";
export { Image, type ImageProps } from "../constructs/image.ts";
export { Network, type NetworkProps } from "../constructs/network.ts";
export { Ready, type ReadyProps } from "../constructs/ready.ts";
export { Sandbox, type NicProps, type SandboxProps } from "../constructs/sandbox.ts";
export { Seed, type SeedProps } from "../constructs/seed.ts";
export { LabStack, type LabStackProps, type LabStackResult } from "../stacks/lab-stack.ts";
export { checkNetworkConfig } from "./cloud-init/check-network-config.ts";
export { checkUserData, type CheckOptions } from "./cloud-init/check-user-data.ts";
export { Testing, type LabJson } from "../stacks/testing.ts";
export type { Diagnostic, Severity, SourceRange } from "./diagnostics/diagnostic.ts";
export type { DiagnosticCode } from "./diagnostics/codes.ts";
export type { Lab, LabNetwork, LabNic, LabSandbox } from "./lab/lab.ts";
export { Cidr } from "./units/cidr.ts";
export { Duration } from "./units/duration.ts";
export { Size } from "./units/size.ts";
