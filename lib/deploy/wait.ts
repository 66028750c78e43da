import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { instanceIdOf, seedIdentity } from "../lab/seed-identity.ts";
import type { FailureBundle } from "../ready/failure-bundle.ts";
import { renderBundle } from "../ready/render-bundle.ts";
import type { ReadyProgress, ReadyReport, ReadyTarget } from "../ready/target.ts";
import { waitUntilReady } from "../ready/wait-until-ready.ts";
import type { Duration } from "../units/duration.ts";
import { variable } from "../../stacks/emit/names.ts";
import { selectSandboxes, type Deployed } from "./deployed.ts";
import { readTextIfAny, writePrivate } from "./files.ts";
import { learnHostKeys } from "./learn-host-keys.ts";
import type { OnProgress } from "./progress.ts";
import { writeSshFiles } from "./ssh-files.ts";
import { redactSecrets } from "./redact-secrets.ts";

export interface WaitForLabOptions {
  readonly env: Readonly<NodeJS.ProcessEnv>;
  /** For each sandbox. @default - its `timeouts.ready`, else IP_DISCOVERY_TIMEOUT, else what its accelerator needs */
  readonly timeout?: Duration;
  readonly onProgress?: OnProgress;
  /** Ends the wait. */
  readonly signal?: AbortSignal;
}

/**
 * Waits until sandboxes are ready, all at the same time. What was found out about those that are not is in the report, and as files in the deployment's
 * `failures/`.
 *
 * @param names none: all
 * @throws DiagnosticError UNKNOWN_SANDBOX, BAD_DURATION
 */
export async function waitForLab(deployed: Deployed, names: readonly string[], options: WaitForLabOptions): Promise<ReadyReport> {
  const targets = await readyTargets(deployed, names, options.timeout);
  const { env, signal, onProgress } = options;
  const report = await waitUntilReady(targets, {
    env,
    signal,
    redact: await redactSecrets(deployed, env),
    onProgress: (progress) => onProgress?.({ kind: "sandbox", sandbox: progress.sandbox, ...shown(progress) }),
    onAddressFound: async () => void (await writeSshFiles({ ...deployed, env })),
    onHostKeyUnknown: async (target) => await learnHostKeys(deployed, target),
  });
  for (const outcome of report.sandboxes) if (outcome.state === "failed") await keepBundle(deployed, outcome.bundle);
  return report;
}

/** The named sandboxes, none named: all, with all that waiting for them and looking into them needs. */
export async function readyTargets(deployed: Deployed, names: readonly string[], timeout?: Duration): Promise<ReadyTarget[]> {
  const fingerprints = await readFingerprints(deployed);
  return selectSandboxes(deployed, names).map(({ sandbox, host, nameOnHost }) => ({
    sandbox: timeout ? { ...sandbox, timeouts: { ...sandbox.timeouts, ready: timeout.milliseconds } } : sandbox,
    nameOnHost,
    hypervisor: host.hypervisor,
    accelerator: host.accelerator,
    sshConfigFile: deployed.sshConfig,
    proxyCommand: host.proxyCommand,
    // A sandbox without a seed has the instance-id that its image gives, one that ignores changes that of the seed it was made with.
    instanceId:
      sandbox.seed === "none" || sandbox.cloudInit.onChange === "ignore"
        ? undefined
        : instanceIdOf(deployed.lab, sandbox, seedIdentity(deployed.lab, sandbox), fingerprints?.[sandbox.name]),
  }));
}

/** What *prepare* has told Terraform about secrets. */
async function readFingerprints({ state, fingerprints }: Deployed): Promise<Readonly<Record<string, string>> | undefined> {
  if (fingerprints) return fingerprints;
  const text = await readTextIfAny(join(state.terraform, "terrarium.auto.tfvars.json"));
  if (text === undefined) return undefined;
  const variables = JSON.parse(text) as Readonly<Record<string, unknown>>;
  return variables[variable.secretFingerprints] as Readonly<Record<string, string>> | undefined;
}

const stages: Readonly<Record<ReadyProgress["state"], string>> = {
  starting: "starting",
  booting: "booting",
  address: "has its address",
  ssh: "lets us log in",
  "cloud-init": "cloud-init has finished",
  probes: "probes",
  ready: "ready",
  failed: "not ready",
};

function shown({ state, detail, elapsed }: ReadyProgress): { text: string; done: boolean } {
  if (state === "ready") return { text: `ready after ${(elapsed / 1000).toFixed(1)} s`, done: true };
  return { text: detail === "" ? stages[state] : `${stages[state]}: ${detail}`, done: state === "failed" };
}

/** Two files, for a person and for a program; those of the last failure replace former ones. */
async function keepBundle({ state }: Deployed, bundle: FailureBundle): Promise<void> {
  await mkdir(state.failures, { recursive: true, mode: 0o700 });
  await writePrivate(join(state.failures, `${bundle.sandbox}.json`), `${JSON.stringify(bundle, null, 2)}\n`);
  await writePrivate(join(state.failures, `${bundle.sandbox}.txt`), `${renderBundle(bundle)}\n`);
}
