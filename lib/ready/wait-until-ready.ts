import pLimit from "p-limit";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Duration } from "../units/duration.ts";
import { systemClock, type Clock } from "./clock.ts";
import { collectBundle } from "./diagnose.ts";
import type { FailureBundle } from "./failure-bundle.ts";
import { guestAccess, type GuestAccess } from "./guest-access.ts";
import { HostWatch, type WatchedHost } from "./host-watch.ts";
import { readyTimeout } from "./ready-timeout.ts";
import { renderBundle } from "./render-bundle.ts";
import type { ReadyProgress, ReadyReport, ReadyState, ReadyTarget, SandboxOutcome } from "./target.ts";
import { waitForSandbox } from "./wait-for-sandbox.ts";

export interface WaitOptions {
  /** Where `IP_DISCOVERY_TIMEOUT` is looked for: see `readyTimeout`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Called on every change of a sandbox's state or detail, never otherwise. */
  readonly onProgress?: (progress: ReadyProgress) => void;
  /** Ends the wait; what is known by then is the report. */
  readonly signal?: AbortSignal;
  /**
   * Takes secrets out of text that comes from the guest: its console, cloud-init's errors, output of probes.
   *
   * @default - the text as it is
   */
  readonly redact?: (text: string) => string;
  /** Called while a login fails because no host key is recorded, so that the caller records one (guest agent, console). */
  readonly onHostKeyUnknown?: (target: ReadyTarget) => Promise<void>;
  /** Called when a sandbox has an address that the lab does not say, before the first login: the caller writes its ssh configuration. */
  readonly onAddressFound?: (target: ReadyTarget) => Promise<void>;
  /**
   * How many logins and commands over ssh happen at once.
   *
   * @default 4
   */
  readonly loginsAtOnce?: number;
  /** Other ways into guests, for tests. @default - the system's ssh, and the target's proxy command */
  readonly access?: (target: ReadyTarget) => GuestAccess;
  /** Another clock, for tests. @default systemClock */
  readonly clock?: Clock;
}

/**
 * Waits until every sandbox has reached its `ready` level and passed its probes, all at the same time. It prints nothing.
 *
 * A sandbox that does not get there, in its time or for good reason sooner, is part of the report together with what was found out about it.
 *
 * @throws DiagnosticError `BAD_DURATION` for a wrong IP_DISCOVERY_TIMEOUT, before anything is waited for
 * @example const { ready, diagnostics } = await waitUntilReady(targets, { env: process.env, signal });
 */
export async function waitUntilReady(targets: readonly ReadyTarget[], options: WaitOptions): Promise<ReadyReport> {
  const timeouts = targets.map(({ sandbox, accelerator }) => readyTimeout(sandbox, accelerator, options.env));
  const wrong = timeouts.find(({ value }) => value === undefined);
  if (wrong) throw new DiagnosticError(wrong.diagnostics);
  const { clock = systemClock, loginsAtOnce = 4 } = options;
  const limit = pLimit(loginsAtOnce);
  const access = options.access ?? ((target: ReadyTarget) => guestAccess(target, limit));
  const watches = new Map<WatchedHost, HostWatch>();
  for (const { hypervisor } of targets) {
    if (!watches.has(hypervisor)) watches.set(hypervisor, new HostWatch(hypervisor, clock));
  }
  // Ends all waits when one of them meets what nobody expected, so that none goes on behind the error.
  const stop = new AbortController();
  const signals = options.signal ? [options.signal, stop.signal] : [stop.signal];
  const waits = targets.map(async (target, index) => {
    const watch = watches.get(target.hypervisor);
    const timeout = timeouts[index]?.value;
    if (!watch || !timeout) throw new Error("every target has a host and a time");
    // One each: everything that waits listens to its signal, and Node warns of more than ten listeners.
    const signal = AbortSignal.any(signals);
    return await waitForOne(target, { ...options, clock, watch, timeout, signal, guest: access(target) });
  });
  for (const wait of waits) wait.catch(() => stop.abort());
  const ended = await Promise.allSettled(waits);
  const unexpected = ended.find((result) => result.status === "rejected");
  if (unexpected) throw unexpected.reason;
  return reportOf(
    ended.flatMap((result) => (result.status === "fulfilled" ? [result.value] : [])),
    targets,
  );
}

interface OneWait extends WaitOptions {
  readonly clock: Clock;
  readonly watch: HostWatch;
  readonly timeout: Duration;
  readonly signal: AbortSignal;
  readonly guest: GuestAccess;
}

async function waitForOne(target: ReadyTarget, options: OneWait): Promise<SandboxOutcome> {
  const { clock, watch, timeout, signal, guest, onProgress, onHostKeyUnknown, onAddressFound, redact = (text: string) => text } = options;
  const sandbox = target.sandbox.name;
  const began = clock.now();
  const warnings: Diagnostic[] = [];
  let said = "";
  const report = (state: ReadyState, detail: string): void => {
    const now = `${state}\n${detail}`;
    if (now === said) return;
    said = now;
    onProgress?.({ sandbox, state, detail, elapsed: clock.now() - began });
  };
  const warn = (warning: Diagnostic): void => void warnings.push(warning);
  const deadline = began + timeout.milliseconds;
  const ending = await waitForSandbox({
    target,
    guest,
    watch,
    clock,
    deadline,
    signal,
    redact,
    onHostKeyUnknown,
    onAddressFound,
    report,
    warn,
  });
  const elapsed = clock.now() - began;
  if (ending.state !== "failed") return { sandbox, elapsed, warnings, ...ending };
  const { cause, reached } = ending;
  const bundle = await collectBundle(target, { guest, signal, redact, cause, reached, elapsed });
  return { sandbox, elapsed, warnings, ...ending, bundle };
}

function reportOf(sandboxes: readonly SandboxOutcome[], targets: readonly ReadyTarget[]): ReadyReport {
  return {
    ready: sandboxes.every(({ state }) => state === "ready"),
    interrupted: sandboxes.some(({ state }) => state === "interrupted"),
    sandboxes,
    diagnostics: [
      ...sandboxes.flatMap((outcome, index) => {
        const writtenAs = targets[index]?.sandbox.writtenAs ?? outcome.sandbox;
        return outcome.state === "failed" ? [notReady(outcome.bundle, outcome.cause, writtenAs)] : [];
      }),
      ...sandboxes.flatMap(({ warnings }) => warnings),
    ],
  };
}

function notReady(bundle: FailureBundle, cause: Diagnostic, writtenAs: string): Diagnostic {
  const waited = ((bundle.elapsed ?? 0) / 1000).toFixed(0);
  return {
    code: "NOT_READY",
    severity: "error",
    path: ["sandboxes", writtenAs],
    summary: `sandbox "${bundle.sandbox}" is not ready after ${waited} s: ${cause.summary}`,
    detail: renderBundle(bundle),
    nextStep: bundle.hints[0] ?? `Look at its console: "terrarium logs ${bundle.sandbox}".`,
  };
}

export interface DiagnoseSandboxOptions extends Pick<WaitOptions, "signal" | "redact"> {
  /** Why it is looked at, if a wait has failed. @default - no reason: one wants to know how things stand */
  readonly cause?: Diagnostic;
}

/**
 * Looks at a sandbox as after a wait that failed: machine, NICs, addresses, console, cloud-init, and what to try.
 *
 * @example renderBundle(await diagnose(target, { redact }))
 */
export async function diagnose(target: ReadyTarget, options: DiagnoseSandboxOptions = {}): Promise<FailureBundle> {
  const { signal = new AbortController().signal, redact = (text: string) => text, cause } = options;
  return await collectBundle(target, { guest: guestAccess(target, pLimit(1)), signal, redact, cause });
}
