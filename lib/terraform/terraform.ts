import { chmod, rm, stat, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Engine } from "./engine.ts";
import type { Variables } from "./environment.ts";
import type { TerraformEvent } from "./event.ts";
import type { Interrupts } from "./interrupts.ts";
import { OutcomeCollector, type Outcome } from "./outcome.ts";
import type { OutputValue, Plan } from "./plan.ts";
import { query } from "./query.ts";
import { readOutputs, readPlan, readState, readValidation } from "./read-documents.ts";
import { run, type RunResult, type Workplace } from "./run.ts";
import type { State } from "./state.ts";
import type { TerraformDiagnostic } from "./terraform-diagnostic.ts";

export interface RunOptions {
  /** Called for every event, in order, while Terraform runs. */
  readonly onEvent?: (event: TerraformEvent) => void;
  /** @default - Terraform cannot be stopped by the caller */
  readonly interrupts?: Interrupts;
}

export interface InitOptions extends RunOptions {
  /** Passed as `-backend-config`: `key=value`, or the path of a file, which is the way for secrets. */
  readonly backendConfig?: readonly string[];
  /** Takes the newest providers that the configuration allows instead of the locked ones. @default false */
  readonly upgrade?: boolean;
  /** Takes the configured backend without moving the former one's state. @default false */
  readonly reconfigure?: boolean;
}

export interface PlanOptions extends RunOptions {
  /** File to save the plan in, absolute or relative to the working directory; made with mode 0600, for it holds secrets. @default - not saved */
  readonly out?: string;
  /** Addresses; only these and what they need. @default - everything */
  readonly targets?: readonly string[];
  /** Addresses to make anew. @default - none */
  readonly replace?: readonly string[];
  /** Plans to destroy everything, or the targets. @default false */
  readonly destroy?: boolean;
  /** Only takes into the state what changed outside. @default false */
  readonly refreshOnly?: boolean;
  /** False trusts the state without asking the providers. @default true */
  readonly refresh?: boolean;
  /** Passed in the environment: see `terraformEnvironment`. */
  readonly variables?: Variables;
  /** How many objects at once. @default - Terraform's own: 10 */
  readonly parallelism?: number;
}

export type ApplyOptions =
  /** A saved plan knows its targets and variables. */
  | (RunOptions & { readonly planFile: string; readonly parallelism?: number })
  /** Plans and applies in one go, without asking. */
  | (Omit<PlanOptions, "out"> & { readonly planFile?: undefined });

export interface PlanOutcome extends Outcome {
  /** True if applying would change an object, an output or the state. False also if the plan failed. */
  readonly hasChanges: boolean;
}

/**
 * A Terraform (or OpenTofu) bound to a working directory.
 *
 * Commands that may change something give an `Outcome` with diagnostics; questions (`show`, `pullState`, `output`) throw a DiagnosticError.
 * All throw TERRAFORM_BUSY where another Terraform works in the directory: wait with `waitForRunningTerraform` first.
 *
 * @example
 * const terraform = new Terraform({ engine: await findEngine(process.env), workingDirectory, env: process.env });
 * const outcome = await terraform.apply({ onEvent: (event) => progress.show(event) });
 */
export class Terraform {
  readonly #workplace: Workplace;

  constructor(workplace: Workplace) {
    this.#workplace = { ...workplace, workingDirectory: resolve(workplace.workingDirectory) };
  }

  get product(): Engine["product"] {
    return this.#workplace.engine.product;
  }

  /** Prepares backend and providers. A provider that cannot be had is PROVIDER_MISSING. */
  async init({ backendConfig = [], upgrade, reconfigure, ...options }: InitOptions = {}): Promise<Outcome> {
    const args = [
      "init",
      ...machine,
      ...backendConfig.map((value) => `-backend-config=${value}`),
      ...flag("upgrade", upgrade),
      ...flag("reconfigure", reconfigure),
    ];
    return (await this.#run("init", args, options)).outcome;
  }

  /** Checks the configuration, without asking any provider's API. Needs `init`. */
  async validate(): Promise<readonly TerraformDiagnostic[]> {
    return readValidation(await query(this.#workplace, ["validate", "-json", "-no-color"], [0, 1]));
  }

  async plan({ out, ...options }: PlanOptions = {}): Promise<PlanOutcome> {
    const file = out === undefined ? undefined : resolve(this.#workplace.workingDirectory, out);
    if (file !== undefined) await createPrivateFile(file);
    const args = ["plan", ...machine, "-detailed-exitcode", ...(file === undefined ? [] : [`-out=${file}`]), ...planArguments(options)];
    try {
      const { outcome, result } = await this.#run("plan", args, options, [0, 2]);
      return { ...outcome, hasChanges: result.exitCode === 2 };
    } finally {
      if (file !== undefined) await removeIfEmpty(file);
    }
  }

  /** Applies a saved plan, or plans and applies. Never asks. */
  async apply(options: ApplyOptions = {}): Promise<Outcome> {
    const args =
      options.planFile === undefined
        ? ["apply", ...machine, "-auto-approve", ...planArguments(options)]
        : ["apply", ...machine, ...parallelismArgument(options.parallelism), options.planFile];
    return (await this.#run("apply", args, options)).outcome;
  }

  /** Destroys everything in the state, or the targets. Never asks. */
  async destroy(options: Omit<PlanOptions, "out" | "destroy" | "refreshOnly" | "replace"> = {}): Promise<Outcome> {
    const args = ["destroy", ...machine, "-auto-approve", ...planArguments(options)];
    return (await this.#run("destroy", args, options)).outcome;
  }

  /**
   * Reads a saved plan. Starts the providers of its objects, for their schemas.
   *
   * @param planFile absolute or relative to the working directory
   */
  async show(planFile: string): Promise<Plan> {
    return readPlan(await query(this.#workplace, ["show", "-json", "-no-color", planFile]));
  }

  /** A saved plan in Terraform's own words, for people. */
  async showText(planFile: string): Promise<string> {
    return await query(this.#workplace, ["show", "-no-color", planFile]);
  }

  /** Reads the state from its backend, without starting a provider; undefined if there is none yet. */
  async pullState(): Promise<State | undefined> {
    return readState(await query(this.#workplace, ["state", "pull"]));
  }

  /** The outputs of the last apply, sensitive ones included, in clear text. */
  async output(): Promise<Readonly<Record<string, OutputValue>>> {
    return readOutputs(await query(this.#workplace, ["output", "-json", "-no-color"]));
  }

  /** Forgets objects without destroying them. One address that is not in the state: nothing is forgotten. */
  async stateRm(addresses: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    return (await this.#run("state-rm", ["state", "rm", ...addresses], options)).outcome;
  }

  /**
   * Takes back a state that a former run could not save (`errored.tfstate`, told by STATE_NOT_SAVED). Terraform refuses one that is older
   * than the saved state, or another deployment's.
   *
   * @returns undefined if there is none
   */
  async pushErroredState(options: RunOptions = {}): Promise<Outcome | undefined> {
    const file = resolve(this.#workplace.workingDirectory, "errored.tfstate");
    if (!(await hasContent(file))) return undefined;
    const { outcome } = await this.#run("state-push", ["state", "push", file], options);
    if (outcome.ok) await rm(file);
    return outcome;
  }

  async #run(
    command: string,
    args: readonly string[],
    { onEvent, interrupts, variables }: RunOptions & { readonly variables?: Variables },
    okCodes?: readonly number[],
  ): Promise<{ readonly outcome: Outcome; readonly result: RunResult }> {
    const collector = new OutcomeCollector(onEvent);
    const result = await run(this.#workplace, { command, args, variables, interrupts, onLine: (line) => collector.add(line) });
    return { outcome: await collector.finish(result, okCodes), result };
  }
}

/** What every command that streams events gets. */
const machine = ["-json", "-no-color", "-input=false"] as const;

function planArguments({ targets = [], replace = [], destroy, refreshOnly, refresh, parallelism }: Omit<PlanOptions, "out">): string[] {
  return [
    ...targets.map((address) => `-target=${address}`),
    ...replace.map((address) => `-replace=${address}`),
    ...flag("destroy", destroy),
    ...flag("refresh-only", refreshOnly),
    ...(refresh === false ? ["-refresh=false"] : []),
    ...parallelismArgument(parallelism),
  ];
}

function parallelismArgument(parallelism: number | undefined): string[] {
  return parallelism === undefined ? [] : [`-parallelism=${parallelism}`];
}

function flag(name: string, value: boolean | undefined): string[] {
  return value ? [`-${name}`] : [];
}

/** Terraform keeps the mode of a file that is there. An older plan stays until Terraform replaces it. */
async function createPrivateFile(path: string): Promise<void> {
  await writeFile(path, "", { flag: "a", mode: 0o600 });
  await chmod(path, 0o600);
}

async function removeIfEmpty(path: string): Promise<void> {
  if (!(await hasContent(path))) await rm(path, { force: true });
}

async function hasContent(path: string): Promise<boolean> {
  try {
    return (await stat(path)).size > 0;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}
