import type { SandboxRecord } from "../hypervisor/hypervisor.ts";
import type { Attempt } from "./attempt.ts";
import type { WaitContext } from "./wait-context.ts";

/** Whether the sandbox runs. */
export async function runState({ watch, target }: Pick<WaitContext, "watch" | "target">): Promise<Attempt<SandboxRecord>> {
  const found = await watch.read(target.nameOnHost);
  const { name } = target.sandbox;
  if (!found) {
    return {
      waiting: "it is not on its host",
      cause: {
        code: "SANDBOX_NOT_RUNNING",
        severity: "error",
        summary: `sandbox "${name}" is not on its host: expected "${target.nameOnHost}" there`,
        nextStep: `Make it: "terrarium apply".`,
      },
    };
  }
  const reason = found.reason === "" ? "" : ` (${found.reason})`;
  if (found.state === "running") return { done: found };
  if (found.state === "paused") {
    return {
      waiting: `it is paused${reason}`,
      cause: {
        code: "SANDBOX_PAUSED",
        severity: "error",
        summary: `expected sandbox "${name}" to run, but it is paused${reason}`,
        nextStep: /i\/?o ?error/i.test(found.reason)
          ? `A full disk on its host does this: make room there, then "terrarium restart ${name}".`
          : `Start it anew: "terrarium restart ${name}".`,
      },
    };
  }
  return {
    waiting: `it is ${found.state}${reason}`,
    cause: {
      code: "SANDBOX_NOT_RUNNING",
      severity: "error",
      summary: `expected sandbox "${name}" to run, but it ${found.state === "crashed" ? "has crashed" : "is off"}${reason}`,
      nextStep: `Read its last words ("terrarium logs ${name}"), then start it: "terrarium start ${name}".`,
    },
  };
}
