import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Clock } from "./clock.ts";
import type { GuestAccess } from "./guest-access.ts";
import type { HostWatch } from "./host-watch.ts";
import type { ReadyState, ReadyTarget } from "./target.ts";

/** What waiting for one sandbox works with. */
export interface WaitContext {
  readonly target: ReadyTarget;
  readonly guest: GuestAccess;
  readonly watch: HostWatch;
  readonly clock: Clock;
  /** By the clock. */
  readonly deadline: number;
  readonly signal: AbortSignal;
  /** Takes secrets out of what the user's commands and cloud-init said. */
  readonly redact: (text: string) => string;
  /** Says that no host key is known; whoever knows how finds it out and records it. */
  readonly onHostKeyUnknown?: (target: ReadyTarget) => Promise<void>;
  /** Says that an address is there which only looking could tell; ssh has to know it. */
  readonly onAddressFound?: (target: ReadyTarget) => Promise<void>;
  readonly report: (state: ReadyState, detail: string) => void;
  readonly warn: (warning: Diagnostic) => void;
}
