import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { LabSandbox } from "../lab/lab.ts";
import type { FailureBundle } from "./failure-bundle.ts";
import type { WatchedHost } from "./host-watch.ts";

/** A sandbox to wait for, and how this machine reaches it. */
export interface ReadyTarget {
  /** Its `ready`, `probes` and `timeouts` say what is waited for, and how long. */
  readonly sandbox: LabSandbox;
  /** `<lab>-<sandbox>` */
  readonly nameOnHost: string;
  readonly hypervisor: WatchedHost;
  /** What `sshConfig` of `lib/ssh` made; the sandbox is a `Host` of it. */
  readonly sshConfigFile: string;
  readonly accelerator: "kvm" | "tcg";
  /**
   * Program whose input and output are a connection into the guest's network. Arguments that are exactly `%h` and `%p` become address and port;
   * without them both are appended. It must pass an end of file on in both directions, and exit with another code than 0 if it cannot connect.
   *
   * @default - none: this process connects itself
   */
  readonly proxyCommand?: readonly string[];
  /**
   * The instance-id in its seed. A guest that has another one runs on somebody else's seed.
   *
   * @default - not compared
   */
  readonly instanceId?: string;
}

/**
 * How far a sandbox has come. Each names what has been reached, `probes` that they are being tried; the detail says what is waited for.
 * `starting`: it does not run yet; `booting`: it runs; `address`: it has its addresses; `ssh`: a login works; `cloud-init`: that has finished.
 */
export type ReadyState = "starting" | "booting" | "address" | "ssh" | "cloud-init" | "probes" | "ready" | "failed";

/** Something changed. For a terminal: one live line per sandbox. */
export interface ReadyProgress {
  readonly sandbox: string;
  readonly state: ReadyState;
  /** What it waits for, or why it failed: one line of foreign text, to be escaped by who prints it. */
  readonly detail: string;
  /** Milliseconds since the wait began. */
  readonly elapsed: number;
}

/** How waiting for one sandbox ended. */
export type SandboxOutcome = {
  readonly sandbox: string;
  /** Milliseconds. */
  readonly elapsed: number;
  /** Degraded, but ready. */
  readonly warnings: readonly Diagnostic[];
} & (
  | { readonly state: "ready" }
  /** `reached`: how far it came; `cause`: why not further, with a code of its own. */
  | { readonly state: "failed"; readonly reached: ReadyState; readonly cause: Diagnostic; readonly bundle: FailureBundle }
  | { readonly state: "interrupted"; readonly reached: ReadyState }
);

/** How waiting ended, for all of them in the order of the targets. */
export interface ReadyReport {
  /** True if every sandbox is ready. */
  readonly ready: boolean;
  /** True if the signal ended the wait. */
  readonly interrupted: boolean;
  readonly sandboxes: readonly SandboxOutcome[];
  /** `NOT_READY` for each that failed, its bundle as text in the detail; then all warnings. */
  readonly diagnostics: readonly Diagnostic[];
}
