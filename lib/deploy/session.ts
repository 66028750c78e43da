import { join } from "node:path";
import { randomBytes } from "node:crypto";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import { hasErrors, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { canonicalJson } from "../lab/canonical-json.ts";
import type { Lab } from "../lab/lab.ts";
import { withSeedContent } from "../lab/shared-lab.ts";
import { locateDiagnostics, type Locate } from "../labfile/locate.ts";
import { checkHostsStay } from "./host-moved.ts";
import { findEnginePath, identifyEngine, type Engine } from "../terraform/engine.ts";
import { waitForRunningTerraform } from "../terraform/running.ts";
import { Terraform } from "../terraform/terraform.ts";
import type { Interrupts } from "../terraform/interrupts.ts";
import { Duration } from "../units/duration.ts";
import { readPossibleLab } from "./applied-lab.ts";
import { withCommandLock } from "./command-lock.ts";
import { writePrivate } from "./files.ts";
import { connectHosts, releaseHosts, type DeployHost } from "./hosts.ts";
import { explainInterrupt, throwIfInterrupted } from "./interrupted.ts";
import { initializeTerraform } from "./initialize-terraform.ts";
import { readJournal } from "./journal.ts";
import { findLeftBehind } from "./left-behind.ts";
import { locateTerraformDiagnostics } from "./locate-terraform.ts";
import type { OnProgress } from "./progress.ts";
import { deploymentIn, deploymentOfFile } from "./read-deployment.ts";
import { readStoredState } from "./read-stored-state.ts";
import { reconcile } from "./reconcile.ts";
import { restoreState } from "./restore-state.ts";
import { sharedLabIn } from "./shared-lab-in-state.ts";
import { createStateDirectory, type StateDirectory } from "./state-directory.ts";

export interface SessionOptions {
  /** Absolute path of the lab file's folder. */
  readonly directory: string;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly onProgress?: OnProgress;
  readonly interrupts?: Interrupts;
  /** Makes a new key where the deployment's is lost. @default false: KEY_LOST */
  readonly newKey?: boolean;
  /** Places in the lab file, for Terraform's errors. */
  readonly locate?: Locate;
  /** Serves our own provider to Terraform from this process; for labs that use it. @default - Terraform finds an installed one, or none */
  readonly serveProvider?: ServeProvider;
}

/**
 * @param workingDirectory Terraform's, where relative paths start
 * @returns the value of TF_REATTACH_PROVIDERS by which Terraform finds the provider, and what ends it
 */
export type ServeProvider = (workingDirectory: string) => Promise<{ readonly reattach: string; readonly close: () => Promise<void> }>;

/** Everything that plan, apply and destroy work with: the state directory, locked; hosts, connected; Terraform, initialized. */
export interface Session {
  readonly options: SessionOptions;
  readonly lab: Lab;
  readonly state: StateDirectory;
  readonly hosts: readonly DeployHost[];
  readonly terraform: Terraform;
  /** Names this deployment in the metadata of its objects. */
  readonly deployment: string;
  /** True if there was an apply before, wherever: then there is a key, too. */
  readonly deployed: boolean;
  /** True if nothing is in the state. */
  readonly isFirst: boolean;
  /** Fingerprints of secrets as the state has them; undefined if it does not say. */
  readonly formerFingerprints?: Readonly<Record<string, string>>;
  /** What was out there before; undefined for a first apply. */
  readonly applied?: Lab;
  /** What happened on the way that the user should know. */
  readonly diagnostics: readonly Diagnostic[];
  /** Has something done last, when hosts are released: what tells that nothing of the lab is left must not be true before a host on demand is gone, too. */
  readonly atEnd: (work: () => Promise<void>) => void;
}

/**
 * Opens a session for a lab and does `work` in it. A Terraform that a killed command left running is waited for, and what such a command left behind is put in
 * order first.
 *
 * @param terraformJson written into the working directory; absent: what is there stays (destroy)
 */
export async function withSession<T>(
  lab: Lab,
  terraformJson: string | undefined,
  options: SessionOptions,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const enginePath = await findEnginePath(options.env);
  const state = await createStateDirectory(options.directory, lab.name);
  return await withCommandLock(state, async () => {
    await explainInterrupt(options.interrupts, async () => {
      await waitForRunningTerraform(state.terraform, {
        signal: options.interrupts?.stop,
        timeout: Duration.minutes(30),
        onWait: () => options.onProgress?.({ kind: "step", text: "waiting for a Terraform that an earlier command left running" }),
      });
    });
    const [engine, hosts] = await connectWhile(identifyEngine(enginePath, options.env), connectHosts(lab, options));
    for (const { name, accelerator } of hosts) {
      if (accelerator === "tcg")
        options.onProgress?.({
          kind: "step",
          text: `host ${name} emulates its guests: 5 to 10 times slower (\`terrarium host status\` says why)`,
        });
    }
    const last: (() => Promise<void>)[] = [];
    const served = lab.provider === "terrarium" ? await serve(options, state, hosts) : undefined;
    const env = served ? { ...options.env, TF_REATTACH_PROVIDERS: served.reattach } : options.env;
    const place = { state, engine, hosts, env, atEnd: (step: () => Promise<void>) => void last.push(step) };
    const result = await explainInterrupt(options.interrupts, async () => {
      try {
        return await inSession(lab, terraformJson, options, place, work);
      } finally {
        await served?.close();
        await releaseHosts(hosts);
      }
    });
    for (const step of last) await step();
    return result;
  });
}

/** Hosts are released if there is no engine. */
async function connectWhile(identified: Promise<Engine>, connected: Promise<DeployHost[]>): Promise<[Engine, DeployHost[]]> {
  const [engine, hosts] = await Promise.allSettled([identified, connected]);
  if (engine.status === "fulfilled" && hosts.status === "fulfilled") return [engine.value, hosts.value];
  if (hosts.status === "fulfilled") await releaseHosts(hosts.value);
  throw engine.status === "rejected" ? engine.reason : (hosts as PromiseRejectedResult).reason;
}

/** Hosts are released if the provider cannot be served. */
async function serve(
  { serveProvider }: SessionOptions,
  state: StateDirectory,
  hosts: readonly DeployHost[],
): Promise<Awaited<ReturnType<ServeProvider>> | undefined> {
  try {
    return await serveProvider?.(state.terraform);
  } catch (error) {
    await releaseHosts(hosts);
    throw error;
  }
}

interface Place {
  /** For Terraform. */
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly state: StateDirectory;
  readonly engine: Engine;
  readonly hosts: readonly DeployHost[];
  readonly atEnd: Session["atEnd"];
}

async function inSession<T>(
  lab: Lab,
  terraformJson: string | undefined,
  options: SessionOptions,
  { state, engine, hosts, env, atEnd }: Place,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  throwIfInterrupted(options.interrupts);
  const terraform = new Terraform({ engine, workingDirectory: state.terraform, env });
  const known = await readPossibleLab(state);
  const moved = await checkHostsStay(state, known, hosts);
  if (moved.length > 0) throw new DiagnosticError(options.locate ? locateDiagnostics(moved, options.locate) : moved);
  if (terraformJson !== undefined) await writeConfiguration(state, lab, terraformJson);
  await initializeTerraform(terraform, state, options);
  const restored = await restoreState(state);
  const saved = await terraform.pushErroredState();
  if (saved && !saved.ok) throw new DiagnosticError(saved.diagnostics.map(({ diagnostic }) => diagnostic));
  const stored = await readStoredState(terraform, state, env);
  const shared = sharedLabIn(stored);
  const applied = whatIsThere(lab, known, shared?.lab);
  const journal = await readJournal(state);
  const deployment =
    deploymentIn(stored) ?? journal?.deployment ?? (await deploymentOfFile(state.terraform)) ?? randomBytes(8).toString("hex");
  const removed = journal ? await putInOrder({ state, journal, stored, hosts, applied }, options) : [];
  // A lab that was renamed is a new lab: its first plan says so.
  const leftBehind = applied ? [] : await findLeftBehind(options.directory, lab.name);
  const diagnostics = [...restored, ...removed, ...leftBehind];
  const deployed = applied !== undefined || deploymentIn(stored) !== undefined;
  const formerFingerprints = shared?.fingerprints;
  const isFirst = (stored?.resources ?? []).length === 0;
  return await work({
    options,
    lab,
    state,
    hosts,
    terraform,
    deployment,
    deployed,
    isFirst,
    formerFingerprints,
    applied,
    diagnostics,
    atEnd,
  });
}

/** The applied lab as far as it is known here, and as the state has it where others may have applied since. */
function whatIsThere(lab: Lab, known: Lab | undefined, shared: Lab | undefined): Lab | undefined {
  if (!shared || (known && lab.backend === undefined)) return known;
  const now = withSeedContent(shared, known ? [known, lab] : [lab]);
  return known
    ? {
        ...now,
        hosts: { ...known.hosts, ...now.hosts },
        networks: { ...known.networks, ...now.networks },
        sandboxes: { ...known.sandboxes, ...now.sandboxes },
      }
    : now;
}

/** Reconciles, also on hosts that the lab has left since. */
async function putInOrder(
  { applied, ...work }: Parameters<typeof reconcile>[0] & { readonly applied?: Lab },
  options: SessionOptions,
): Promise<Diagnostic[]> {
  const names = new Set(work.journal.intended.map(({ host }) => host));
  for (const { name } of work.hosts) names.delete(name);
  const former = Object.fromEntries(Object.entries(applied?.hosts ?? {}).filter(([name]) => names.has(name)));
  const others = await connectHosts({ hosts: former, hypervisor: applied?.hypervisor ?? "kvm" }, options);
  try {
    return await reconcile({ ...work, hosts: [...work.hosts, ...others] });
  } finally {
    await releaseHosts(others);
  }
}

/** Throws what Terraform said, at the lab's lines; keeps warnings. */
export function settle(
  session: Session,
  outcome: { readonly ok: boolean; readonly diagnostics: Parameters<typeof locateTerraformDiagnostics>[0] },
): Diagnostic[] {
  const diagnostics = locateTerraformDiagnostics(outcome.diagnostics, session.lab, session.options.locate);
  if (!outcome.ok && hasErrors(diagnostics)) throw new DiagnosticError(diagnostics);
  return diagnostics;
}

async function writeConfiguration(state: StateDirectory, lab: Lab, terraformJson: string): Promise<void> {
  await writePrivate(join(state.terraform, "cdk.tf.json"), terraformJson);
  await writePrivate(join(state.terraform, "terrarium.lab.json"), `${canonicalJson(lab, 2)}\n`);
}
