import type { Construct } from "constructs";
import type { Lab, LabHost, LabNetwork, LabSandbox } from "../../lib/lab/lab.ts";

/** How a lab's objects become resources of one Terraform provider. What does not depend on the provider is emitted without it. */
export interface Emitter {
  /** Facts of the machine about a host, with the values that suit an ordinary one. */
  readonly hostVariables: (lab: Lab, host: LabHost) => readonly HostVariable[];
  /** The provider's block for a host, and what has to be there before anything is put on it. */
  readonly host: (scope: Construct, lab: Lab, host: LabHost) => void;
  readonly network: (scope: Construct, lab: Lab, network: LabNetwork) => void;
  readonly sandbox: (scope: Construct, lab: Lab, sandbox: LabSandbox) => void;
  /** Expressions that change when a sandbox has to get ready anew. */
  readonly boots: (sandbox: LabSandbox) => readonly string[];
}

export interface HostVariable {
  readonly name: string;
  readonly default: string;
  readonly description: string;
}
