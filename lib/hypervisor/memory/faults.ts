import { setTimeout as sleep } from "node:timers/promises";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import type { DiagnosticCode } from "../../diagnostics/codes.ts";
import type { Hypervisor } from "../hypervisor.ts";
import type { Provisioning } from "../provisioning.ts";

type MethodName<T> = { [K in keyof T]: T[K] extends (...args: never[]) => Promise<unknown> ? K : never }[keyof T];

/** An operation of a driver, by its name in the contract. */
export type OperationName = MethodName<Hypervisor> | MethodName<Provisioning>;

/**
 * Something that goes wrong on purpose. JSON can hold it, so that another process can be told.
 *
 * @example { operation: "createSandbox", call: 2, when: "after", code: "HOST_LOST" }
 */
export interface MemoryFault {
  readonly operation: OperationName;
  /** Which call, from 1, counted over all processes of a host file since the fault is known. @default - every call */
  readonly call?: number;
  /**
   * `before`: nothing has happened. `midway`: the object is there and unfinished, or stopped and not removed. `after`: all has happened, and only the answer is lost.
   *
   * @default "before"
   */
  readonly when?: "before" | "midway" | "after";
  /** `fail`: throws. `kill`: the whole process ends as by `kill -9`. `wait`: nothing but the delay. @default "fail" */
  readonly how?: "fail" | "kill" | "wait";
  /** Milliseconds that the call takes longer, before anything happens. @default 0 */
  readonly delay?: number;
  /** Of the diagnostic that is thrown. @default "HYPERVISOR_FAILED" */
  readonly code?: DiagnosticCode;
  /** Tells two equal faults apart: each is counted by itself. @default "" */
  readonly note?: string;
}

/** What a fault is counted under. */
export const faultKey = (fault: MemoryFault): string => JSON.stringify(fault);

export function faultError({ operation, call, when = "before", code = "HYPERVISOR_FAILED" }: MemoryFault): DiagnosticError {
  return new DiagnosticError({
    code,
    severity: "error",
    summary: `${operation}${call === undefined ? "" : ` (call ${call})`} failed ${when === "midway" ? "in the middle" : `${when} its effect`}, as a test asked for`,
    nextStep: "Take the fault away, then repeat.",
  });
}

/** Ends this process as the kernel would. Never returns. */
export async function killThisProcess(): Promise<never> {
  process.kill(process.pid, "SIGKILL");
  for (;;) await sleep(1000);
}
