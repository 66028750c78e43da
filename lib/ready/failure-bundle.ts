import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SandboxRecord } from "../hypervisor/hypervisor.ts";
import type { CloudInitStatus } from "./cloud-init-status.ts";
import type { ConsoleSign } from "./console-signs.ts";
import type { NicAddress } from "./host-watch.ts";
import type { LabNic } from "../lab/lab.ts";
import type { ReadyState } from "./target.ts";

/** Everything that one would look at to find out why a sandbox is not ready. Plain JSON, secrets taken out; it is kept as a file. */
export interface FailureBundle {
  /** Version of this shape. */
  readonly format: 1;
  readonly sandbox: string;
  readonly nameOnHost: string;
  /** Absent: one only wants to know how things stand. */
  readonly cause?: Diagnostic;
  readonly reached?: ReadyState;
  /** Milliseconds waited. */
  readonly elapsed?: number;
  readonly accelerator: "kvm" | "tcg";
  /** Absent: the sandbox is not on its host. */
  readonly machine?: Pick<SandboxRecord, "state" | "reason" | "cpus" | "memoryBytes" | "disks" | "consoleLog">;
  readonly nics: readonly BundleNic[];
  readonly agent?: SandboxRecord["agent"];
  /** Absent: it could not be read. */
  readonly console?: { readonly lines: readonly string[]; readonly sign?: ConsoleSign };
  /** Absent: nothing of it could be seen. */
  readonly cloudInit?: CloudInitStatus & {
    readonly installed: boolean;
    readonly disabled: boolean;
    readonly instanceId?: string;
    /** End of /var/log/cloud-init-output.log. */
    readonly output: readonly string[];
  };
  /** What to try, the most likely first. */
  readonly hints: readonly string[];
  /** What could not be looked at, and why. */
  readonly unread: readonly string[];
}

export interface BundleNic {
  readonly network: string;
  readonly name: string;
  readonly mac: string;
  /** The address that the lab says; null: any, or none. */
  readonly expected: string | null;
  readonly addressing: LabNic["addressing"];
  readonly addresses: readonly Pick<NicAddress, "address" | "source">[];
  /** Bytes; absent where it does not run. `sent` 0: the guest never spoke. */
  readonly sent?: number;
  readonly received?: number;
}
