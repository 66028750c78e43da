import type { Problem } from "../problem.ts";
import { problemsOf } from "./problems-of.ts";

/** What came of a handler: its result, or why there is none. */
export type Outcome<T> = { readonly value: T } | { readonly problems: readonly Problem[] };

export interface RunOptions {
  /** What the handler does, for messages: `create terrarium_network`. */
  readonly doing: string;
  /** Milliseconds until the signal aborts. */
  readonly limit?: number;
}

/**
 * The handlers that run at the moment. `stop` aborts them all; later ones start afresh, since a server can outlive one command of Terraform.
 */
export class RunningHandlers {
  readonly #running = new Set<AbortController>();
  readonly #grace: number;

  /** @param grace milliseconds that a handler has, once aborted, before it is answered without it */
  constructor(grace: number) {
    this.#grace = grace;
  }

  get count(): number {
    return this.#running.size;
  }

  stop(): void {
    for (const controller of this.#running) controller.abort(new Error("Terraform was interrupted"));
  }

  /** Runs a handler to its end. Never throws. */
  async run<T>(
    { doing, limit }: RunOptions,
    handler: (signal: AbortSignal, deadline: number | undefined) => Promise<T> | T,
  ): Promise<Outcome<T>> {
    const controller = new AbortController();
    const { signal } = controller;
    this.#running.add(controller);
    const timers: NodeJS.Timeout[] = [];
    const after = (milliseconds: number, action: () => void) => {
      // A timer of Node cannot be longer than 24.8 days.
      timers.push(setTimeout(action, Math.min(milliseconds, 2 ** 31 - 1)));
    };
    try {
      if (limit !== undefined) after(limit, () => controller.abort(new Error(`it took longer than ${limit / 1000} s`)));
      const abandoned = new Promise<never>((_, reject) => {
        signal.addEventListener("abort", () =>
          after(this.#grace, () => reject(new Error(`${reasonOf(signal)}, and it did not stop within ${this.#grace / 1000} s`))),
        );
      });
      // Called in a promise, so that one that throws at once is no exception here.
      const called = Promise.resolve().then(() => handler(signal, limit === undefined ? undefined : Date.now() + limit));
      return { value: await Promise.race([called, abandoned]) };
    } catch (error) {
      if (!signal.aborted) return { problems: problemsOf(error, doing) };
      const own = error === signal.reason ? [] : problemsOf(error, doing);
      return { problems: [{ severity: "error", summary: `Stopped: could not ${doing}: ${reasonOf(signal)}` }, ...own] };
    } finally {
      for (const timer of timers) clearTimeout(timer);
      this.#running.delete(controller);
    }
  }
}

function reasonOf(signal: AbortSignal): string {
  return signal.reason instanceof Error ? signal.reason.message : String(signal.reason);
}
