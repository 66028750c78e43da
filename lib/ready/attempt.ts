import type { Diagnostic } from "../diagnostics/diagnostic.ts";

/** One look at whether something has come true. */
export type Attempt<T> =
  | { readonly done: T }
  /** `waiting`: what is waited for, one line. `cause`: what is said if the time is over; with some codes, waiting ends sooner (`patience.ts`). */
  | { readonly waiting: string; readonly cause: Diagnostic };

/** Ends the wait for one sandbox; caught where that wait began. */
export class NotReadyError extends Error {
  readonly reason: Diagnostic;

  constructor(reason: Diagnostic) {
    super(reason.summary);
    this.name = "NotReadyError";
    this.reason = reason;
  }
}

/** The user does not want to wait any more; caught where the wait began. */
export class InterruptedError extends Error {
  constructor() {
    super("interrupted");
    this.name = "InterruptedError";
  }
}
