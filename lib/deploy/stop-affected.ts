import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { nameOnHost } from "../lab/lab.ts";
import { affectedByStop } from "../review/affected-by-stop.ts";
import { findSandbox } from "./find-sandbox.ts";
import type { DeployHost } from "./hosts.ts";
import type { PlannedLab } from "./plan.ts";
import type { Session } from "./session.ts";

/** A sandbox that we have shut down so that Terraform can work on it. */
interface Stopped {
  readonly name: string;
  readonly host: DeployHost;
}

/**
 * Shuts down what the plan makes anew, since the libvirt provider would cut its power (ours shuts down by itself), does `work`, and starts again what is still there and off if `work` failed or was
 * interrupted: the provider does not see that a sandbox is off, so that no later apply would start it.
 */
export async function withAffectedStopped<T extends { readonly interrupted: boolean }>(
  session: Session,
  planned: PlannedLab,
  work: () => Promise<T>,
): Promise<T> {
  if (session.lab.provider === "terrarium") return await work();
  const stopped: Stopped[] = [];
  try {
    await stopAffected(session, planned, stopped);
    const result = await work();
    if (result.interrupted) await startAgain(session, stopped);
    return result;
  } catch (error) {
    const problems = await startAgain(session, stopped);
    if (problems.length > 0 && error instanceof DiagnosticError)
      throw new DiagnosticError([...error.diagnostics, ...problems], { cause: error });
    throw error;
  }
}

/** @param stopped gets what was shut down, also if another one cannot be */
async function stopAffected(session: Session, planned: PlannedLab, stopped: Stopped[]): Promise<void> {
  const results = await Promise.allSettled(
    affectedByStop(planned.verdicts).map(async (name) => {
      const sandbox = session.applied?.sandboxes[name] ?? session.lab.sandboxes[name];
      const host = session.hosts.find((candidate) => candidate.name === sandbox?.host);
      if (!sandbox || !host) return;
      tell(session, name, "shutting down", false);
      const found = await findSandbox(host, nameOnHost(session.lab, name));
      if (!found) return;
      const how = await host.hypervisor.shutdown(found.id, { timeout: sandbox.timeouts.shutdown });
      if (how !== "already-off") stopped.push({ name, host });
      tell(session, name, how === "power-cut" ? "power cut: it did not shut down in time" : "shut down", true);
    }),
  );
  const failed = results.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
}

/** @returns a warning for each that stays off */
async function startAgain(session: Session, stopped: readonly Stopped[]): Promise<Diagnostic[]> {
  const problems = await Promise.all(
    stopped.map(async ({ name, host }): Promise<Diagnostic[]> => {
      try {
        const found = await findSandbox(host, nameOnHost(session.lab, name));
        // Gone, or made anew and running: Terraform came that far.
        if (found?.state !== "off") return [];
        await host.hypervisor.start(found.id);
        tell(session, name, "started again", true);
        return [];
      } catch (error) {
        if (!(error instanceof DiagnosticError)) throw error;
        return error.diagnostics.map((diagnostic) => ({
          ...diagnostic,
          severity: "warning",
          nextStep: `Sandbox "${name}" was shut down for this apply and is off. Try: terrarium start ${name}`,
        }));
      }
    }),
  );
  return problems.flat();
}

function tell({ options }: Session, sandbox: string, text: string, done: boolean): void {
  options.onProgress?.({ kind: "sandbox", sandbox, text, done });
}
