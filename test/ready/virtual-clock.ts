import type { Clock } from "../../lib/ready/clock.ts";

/** A clock that goes on when everybody sleeps, and then at once to the moment when the first one wakes. */
export class VirtualClock implements Clock {
  private time = 0;
  private sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  private pumping = false;

  now(): number {
    return this.time;
  }

  sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const wake = (): void => {
        this.sleepers = this.sleepers.filter((one) => one !== sleeper);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      const sleeper = { at: this.time + milliseconds, wake };
      this.sleepers.push(sleeper);
      signal.addEventListener("abort", wake);
      this.pump();
    });
  }

  private pump(): void {
    if (this.pumping) return;
    this.pumping = true;
    // All promises that were settled are followed up before an immediate runs: whoever is going to sleep sleeps by then.
    setImmediate(() => {
      this.pumping = false;
      const first = this.sleepers.toSorted((a, b) => a.at - b.at)[0];
      if (!first) return;
      this.time = first.at;
      first.wake();
      this.pump();
    });
  }
}
