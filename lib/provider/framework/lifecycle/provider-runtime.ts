import type { Attributes, Config, Known, State } from "../attribute.ts";
import { checkSchemas } from "../check/schema.ts";
import type { DataSource } from "../data-source.ts";
import type { Problem } from "../problem.ts";
import type { Provider } from "../provider.ts";
import type { Context, Log, MoveSource, Resource, StoredState } from "../resource.ts";
import { nullRow, type Row } from "../schema-type.ts";
import type { Value } from "../value.ts";
import { applyChange, applyDestroy, warner, type Applied, type MakeContext } from "./apply.ts";
import { complete } from "./conform.ts";
import { applyDefaults } from "./plan-values.ts";
import { planChange, type PlanOutput } from "./plan.ts";
import { problemsOf } from "./problems-of.ts";
import { RunningHandlers } from "./running.ts";
import { readStoredState, upgradeState } from "./stored-state.ts";
import { fullSchema, ownAttributes } from "./timeouts.ts";
import { validateAttributes } from "./validate.ts";

/** What an operation found: a row, unless a problem prevented it. */
export interface Result {
  readonly row?: Row | null;
  readonly problems: readonly Problem[];
}

type AnyResource<Client> = Resource<Attributes, Client>;

/**
 * Carries a provider through Terraform's phases, in the framework's own values: `protocol/` translates them. No operation throws.
 *
 * @throws Error from the constructor if a schema is not one that Terraform takes
 */
export class ProviderRuntime<Client> {
  readonly provider: Provider<Client>;
  readonly running: RunningHandlers;
  readonly #log: Log;
  readonly #resources: ReadonlyMap<string, AnyResource<Client>>;
  readonly #dataSources: ReadonlyMap<string, DataSource<Attributes, Client>>;
  #client: { readonly value: Client } | undefined;

  /** @param grace milliseconds that an interrupted handler has to stop. @default 20 s */
  constructor(provider: Provider<Client>, log: Log, { grace = 20_000 }: { readonly grace?: number } = {}) {
    checkSchemas(provider);
    this.provider = provider;
    this.#log = log;
    this.running = new RunningHandlers(grace);
    this.#resources = new Map(provider.resources.map((resource) => [resource.type, resource]));
    this.#dataSources = new Map(provider.dataSources.map((source) => [source.type, source]));
  }

  resource(type: string): AnyResource<Client> {
    const resource = this.#resources.get(type);
    if (!resource) throw new Error(`this provider has no resource "${type}"`);
    return resource;
  }

  /** The attributes of a resource as Terraform sees them. */
  schemaOf(type: string): Attributes {
    return fullSchema(this.resource(type));
  }

  dataSource(type: string): DataSource<Attributes, Client> {
    const source = this.#dataSources.get(type);
    if (!source) throw new Error(`this provider has no data source "${type}"`);
    return source;
  }

  validateProvider(config: Row): Problem[] {
    return this.#validate(this.provider, this.provider.schema, config, true, "check the provider's configuration");
  }

  validateResource(type: string, config: Row, writeOnlyAllowed: boolean): Problem[] {
    return this.#validate(this.resource(type), this.schemaOf(type), config, writeOnlyAllowed, `check ${type}`);
  }

  validateDataSource(type: string, config: Row): Problem[] {
    const source = this.dataSource(type);
    return this.#validate(source, source.schema, config, true, `check ${type}`);
  }

  async configure(config: Row, terraformVersion: string): Promise<readonly Problem[]> {
    const complete = applyDefaults(this.provider.schema, config, config) as Config<Attributes>;
    const outcome = await this.running.run({ doing: "configure the provider" }, () =>
      this.provider.configure(complete, { log: this.#log, terraformVersion }),
    );
    if ("problems" in outcome) return outcome.problems;
    this.#client = { value: outcome.value };
    return [];
  }

  upgrade(type: string, version: number, stored: StoredState): Result {
    const resource = this.resource(type);
    return this.#guard(`upgrade the state of ${type}`, () => upgradeState({ ...resource, schema: fullSchema(resource) }, stored, version));
  }

  async read(type: string, state: Row): Promise<Result> {
    const resource = this.resource(type);
    const problems: Problem[] = [];
    const outcome = await this.#run(`read ${type}`, problems, (context) =>
      resource.read(ownAttributes(resource.schema, state) as State<Attributes>, context),
    );
    // A state that could not be read stays as it was: only `undefined` says that the object is gone.
    if ("problems" in outcome) return { row: state, problems: [...problems, ...outcome.problems] };
    if (outcome.value === undefined) return { row: null, problems };
    const { row, problems: shape } = complete(fullSchema(resource), outcome.value, state);
    return { row, problems: [...problems, ...shape] };
  }

  async plan(
    type: string,
    input: { prior: Row | null; config: Row; proposed: Row },
  ): Promise<Partial<PlanOutput> & Pick<PlanOutput, "problems">> {
    const resource = this.resource(type);
    const outcome = await this.running.run({ doing: `plan ${type}` }, () => planChange(resource, input, this.#configured()));
    return "value" in outcome ? outcome.value : { problems: outcome.problems };
  }

  async planDestroy(type: string, prior: Row): Promise<readonly Problem[]> {
    const resource = this.resource(type);
    const outcome = await this.running.run({ doing: `plan the destruction of ${type}` }, () =>
      resource.planDestroy?.(ownAttributes(resource.schema, prior) as State<Attributes>, this.#configured()),
    );
    return "value" in outcome ? (outcome.value ?? []) : outcome.problems;
  }

  /** @param planned null to destroy */
  async apply(type: string, { prior, planned, config }: { prior: Row | null; planned: Row | null; config: Row | null }): Promise<Applied> {
    const resource = this.resource(type);
    const environment = { running: this.running, context: this.#context };
    if (planned) return await applyChange(resource, { prior, planned, config: config ?? planned }, environment);
    return prior ? await applyDestroy(resource, prior, environment) : { state: null, problems: [] };
  }

  async import(type: string, id: string): Promise<Result> {
    const resource = this.resource(type);
    if (!resource.import) return { problems: [{ severity: "error", summary: `${type} cannot be imported` }] };
    const problems: Problem[] = [];
    const outcome = await this.#run(`import ${type} "${id}"`, problems, (context) => resource.import?.(id, context));
    if ("problems" in outcome) return { problems: [...problems, ...outcome.problems] };
    if (!outcome.value) return { problems: [...problems, { severity: "error", summary: `there is no ${type} "${id}"` }] };
    const attributes = fullSchema(resource);
    const { row, problems: shape } = complete(attributes, outcome.value, nullRow(attributes));
    return { row, problems: [...problems, ...shape] };
  }

  move(type: string, source: MoveSource): Result {
    const resource = this.resource(type);
    return this.#guard(`move ${source.type} to ${type}`, () => {
      const moved = resource.move?.(source);
      if (moved) return readStoredState(fullSchema(resource), moved);
      return { problems: [{ severity: "error" as const, summary: `${type} cannot take over a ${source.type} of ${source.provider}` }] };
    });
  }

  async readData(type: string, config: Row): Promise<Result> {
    const source = this.dataSource(type);
    const whole = applyDefaults(source.schema, config, config);
    const problems: Problem[] = [];
    const outcome = await this.#run(`read data ${type}`, problems, (context) => source.read(whole as Known<Config<Attributes>>, context));
    if ("problems" in outcome) return { problems: [...problems, ...outcome.problems] };
    const { row, problems: shape } = complete(source.schema, outcome.value, whole);
    return { row, problems: [...problems, ...shape] };
  }

  /** The identity of an object in this state; undefined if its type has none. */
  identity(type: string, state: Row | null): Readonly<Record<string, Value>> | undefined {
    const resource = this.resource(type);
    return state ? resource.identity?.of(ownAttributes(resource.schema, state) as State<Attributes>) : undefined;
  }

  #validate(
    owner: { readonly schema: Attributes; validate?(config: Config<Attributes>): readonly Problem[] },
    attributes: Attributes,
    config: Row,
    writeOnlyAllowed: boolean,
    doing: string,
  ): Problem[] {
    const { problems } = this.#guard(doing, () => {
      const found = validateAttributes(attributes, config, writeOnlyAllowed);
      // Rules between attributes rely on each of them.
      if (found.some(({ severity }) => severity === "error")) return { problems: found };
      return { problems: [...found, ...(owner.validate?.(ownAttributes(owner.schema, config) as Config<Attributes>) ?? [])] };
    });
    return [...problems];
  }

  #guard<R extends Result>(doing: string, action: () => R): R | Result {
    try {
      return action();
    } catch (error) {
      this.#log.error(`failed to ${doing}`, { error: String(error), stack: error instanceof Error ? error.stack : undefined });
      return { problems: problemsOf(error, doing) };
    }
  }

  #run<T>(doing: string, warnings: Problem[], handler: (context: Context<Client>) => Promise<T> | T) {
    return this.running.run({ doing }, (signal, deadline) => handler(this.#context(signal, deadline, warnings)));
  }

  readonly #context: MakeContext<Client> = (signal, deadline, warnings) => ({
    signal,
    ...(deadline === undefined ? {} : { deadline }),
    log: this.#log,
    provider: this.#configured(),
    warn: warner(warnings),
  });

  #configured(): Client {
    if (!this.#client) throw new Error("the provider has not been configured");
    return this.#client.value;
  }
}
