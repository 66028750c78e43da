import { exitCodes, type CommandResult } from "./context.ts";

/**
 * Does work that Ctrl-C (or SIGTERM) ends in order: the signal is aborted at the first one. A second one ends the process at once.
 *
 * @returns exit code 130 if the work was ended by it and threw
 */
export async function interruptible(work: (signal: AbortSignal) => Promise<CommandResult>): Promise<CommandResult> {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    controller.abort();
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  try {
    const result = await work(controller.signal);
    return controller.signal.aborted && result.exitCode !== exitCodes.done ? { ...result, exitCode: exitCodes.interrupted } : result;
  } catch (error) {
    if (!controller.signal.aborted) throw error;
    return { exitCode: exitCodes.interrupted };
  } finally {
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
}

/**
 * Waits for a child that shares this terminal. Ctrl-C is the child's: it gets the signal itself, and says by its exit what it made of it.
 *
 * @returns what `work` returns, and whether a signal came
 */
export async function whileChildRuns<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly interrupted: boolean }> {
  let interrupted = false;
  const onSignal = (): void => {
    interrupted = true;
  };
  process.on("SIGINT", onSignal);
  try {
    return { value: await work(), interrupted };
  } finally {
    process.off("SIGINT", onSignal);
  }
}
