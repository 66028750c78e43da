import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SandboxRecord } from "../hypervisor/hypervisor.ts";
import { InterruptedError, NotReadyError, type Attempt } from "./attempt.ts";
import { checkConsole } from "./check-console.ts";
import { Lasting } from "./lasting.ts";
import { patienceWith } from "./patience.ts";
import { runState } from "./run-state.ts";
import type { ReadyState } from "./target.ts";
import type { WaitContext } from "./wait-context.ts";

const firstPause = 200;
const longestPause = 2000;
const betweenConsoleLooks = 10_000;

/**
 * Tries until it succeeds, in pauses that grow from 0.2 to 2 seconds. Before each try it looks whether the sandbox still runs, and every 10 seconds whether
 * its console says that it cannot boot.
 *
 * @param state what has been reached while this is tried
 * @throws NotReadyError when the deadline is over or trouble has lasted too long; InterruptedError
 */
export async function poll<T>(
  context: WaitContext,
  state: ReadyState,
  attempt: (sandbox: SandboxRecord) => Promise<Attempt<T>>,
): Promise<T> {
  const { clock, deadline, signal, target, report } = context;
  const trouble = new Lasting();
  const consoleTrouble = new Lasting();
  const notLonger = (cause: Diagnostic, lasted: number): void => {
    const patience = patienceWith(cause.code, target.accelerator);
    if (patience !== undefined && lasted >= patience) throw new NotReadyError(cause);
  };
  let consoleLook = clock.now() + betweenConsoleLooks;
  for (let pause = firstPause; ; pause = Math.min(pause * 1.5, longestPause)) {
    if (signal.aborted) throw new InterruptedError();
    let id: string | undefined;
    const seen = await troubleAsAttempt(async () => {
      const running = await runState(context);
      if ("done" in running) ({ id } = running.done);
      return "done" in running ? await attempt(running.done) : running;
    });
    if (signal.aborted) throw new InterruptedError();
    if ("done" in seen) return seen.done;
    report(state, seen.waiting);
    notLonger(seen.cause, trouble.note(seen.cause.code, clock.now()));
    if (id !== undefined && clock.now() >= consoleLook) {
      const cause = await checkConsole(context, id);
      const lasted = consoleTrouble.note(cause?.code, clock.now());
      if (cause) notLonger(cause, lasted);
      consoleLook = clock.now() + betweenConsoleLooks;
    }
    const left = deadline - clock.now();
    if (left <= 0) throw new NotReadyError(seen.cause);
    await clock.sleep(Math.min(pause, left), signal);
  }
}

/** What a host or a program cannot do is trouble like a guest's: it may pass, and how long to hope is a matter of its code. */
async function troubleAsAttempt<T>(look: () => Promise<Attempt<T>>): Promise<Attempt<T>> {
  try {
    return await look();
  } catch (error) {
    const cause = error instanceof DiagnosticError ? error.diagnostics[0] : undefined;
    if (!cause) throw error;
    return { waiting: cause.summary, cause };
  }
}
