import { setTimeout as sleep } from "node:timers/promises";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";

/**
 * Does something again that was overtaken: of a process that was killed, the VBoxManage it had started goes on, and makes what we are about to make. What is there is looked at anew each time.
 *
 * @param work reads what is there before it makes anything
 */
export async function unlessOvertaken<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === 4 || !(error instanceof DiagnosticError) || error.diagnostics[0]?.code !== "OBJECT_EXISTS") throw error;
    }
    await sleep(300 * attempt);
  }
}
