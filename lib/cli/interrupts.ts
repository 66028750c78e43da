import type { Interrupts } from "../terraform/interrupts.ts";
import { exitCodes, type TextStream } from "./context.ts";

/** Ctrl-C while a command works: the first stops it in order, the second is asked for. */
export interface HeardInterrupts extends Interrupts {
  readonly stop: AbortSignal;
  readonly force: AbortSignal;
  /** Stops listening. */
  end(): void;
}

/** How long breaking off may take, in milliseconds: Terraform is killed five seconds after its second interrupt. */
const patience = 8000;

/** Listens for SIGINT and SIGTERM until `end`. */
export function listenForInterrupts(stderr: TextStream): HeardInterrupts {
  const [stop, force] = [new AbortController(), new AbortController()];
  const onSignal = (): void => {
    if (!stop.signal.aborted) {
      stderr.write("\nStopping in order: what is under way is finished, nothing new is begun. Press Ctrl-C again to break off at once.\n");
      stop.abort();
    } else if (!force.signal.aborted) {
      stderr.write("\nBreaking off: what is under way may be left half-made. The next run puts it in order.\n");
      force.abort();
      // What does not listen (a guest that shuts down, a slow disk) is not waited for.
      setTimeout(() => process.exit(exitCodes.interrupted), patience).unref();
    }
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return {
    stop: stop.signal,
    force: force.signal,
    end: () => {
      process.off("SIGINT", onSignal);
      process.off("SIGTERM", onSignal);
    },
  };
}
