import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { LabSandbox } from "../lab/lab.ts";
import { InterruptedError, NotReadyError } from "./attempt.ts";
import { poll } from "./poll.ts";
import { describeProbe, tryProbe } from "./probe.ts";
import { tryAddresses, tryCloudInit, tryLogin } from "./stages.ts";
import type { ReadyState } from "./target.ts";
import type { WaitContext } from "./wait-context.ts";

/** How waiting ended, before anybody asked why. */
export type Ending =
  | { readonly state: "ready" }
  | { readonly state: "failed"; readonly reached: ReadyState; readonly cause: Diagnostic }
  | { readonly state: "interrupted"; readonly reached: ReadyState };

const levels = ["none", "address", "ssh", "cloudInit"] as const satisfies readonly LabSandbox["ready"][];

/** Waits for one sandbox, stage by stage up to its level, then for its probes. Never rejects for anything a guest or a host does. */
export async function waitForSandbox(context: WaitContext): Promise<Ending> {
  const { target, report, redact } = context;
  const { sandbox } = target;
  const wants = (level: (typeof levels)[number]): boolean => levels.indexOf(sandbox.ready) >= levels.indexOf(level);
  let reached: ReadyState = "starting";
  const reach = (state: ReadyState, detail: string): void => {
    reached = state;
    report(state, detail);
  };
  try {
    reach("starting", "waiting for its host to start it");
    await poll(context, "starting", async (sandbox) => await Promise.resolve({ done: sandbox }));
    reach("booting", "it runs");
    if (wants("address")) {
      const addresses = await poll(context, "booting", async (running) => await tryAddresses(context, running));
      reach("address", addresses);
    }
    if (wants("ssh")) {
      await poll(context, "address", async () => await tryLogin(context));
      reach("ssh", "a login works");
    }
    if (wants("cloudInit")) {
      const warnings = await poll(context, "ssh", async (running) => await tryCloudInit(context, running));
      for (const warning of warnings) context.warn(warning);
      reach("cloud-init", "cloud-init has finished");
    }
    for (const probe of sandbox.probes) {
      reach("probes", `waiting for probe ${redact(describeProbe(probe))}`);
      await poll(context, "probes", async () => await tryProbe(context, probe));
    }
    report("ready", "");
    return { state: "ready" };
  } catch (error) {
    if (error instanceof InterruptedError) return { state: "interrupted", reached };
    if (!(error instanceof NotReadyError)) throw error;
    report("failed", error.reason.summary);
    return { state: "failed", reached, cause: error.reason };
  }
}
