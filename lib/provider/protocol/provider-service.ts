import type { Attributes } from "../framework/attribute.ts";
import type { ProviderRuntime } from "../framework/lifecycle/provider-runtime.ts";
import type { Problem } from "../framework/problem.ts";
import { nullRow, type Row } from "../framework/schema-type.ts";
import { encodeIdentity, encodeStoredIdentity, identitySchemas, importIdOf } from "./identity-codec.ts";
import { decodeRow, decodeRowThere, decodeStored, encodeRow } from "./dynamic-value.ts";
import type { CallName, RequestOf, ResponseOf } from "./messages.ts";
import { encodePath, encodeProblems } from "./problem-codec.ts";
import { encodeSchema } from "./schema-codec.ts";

/** One function for each call of the protocol. */
export type ProviderService = { readonly [N in CallName]: (request: RequestOf<N>) => Promise<ResponseOf<N>> | ResponseOf<N> };

const capabilities = { planDestroy: true, getProviderSchemaOptional: true, moveResourceState: true };

/**
 * The protocol's calls on a provider: each decodes, asks the framework, and encodes. What one throws means that the request itself
 * could not be understood.
 */
export function providerService<Client>(runtime: ProviderRuntime<Client>): ProviderService {
  const { provider } = runtime;
  const typeNames = (all: readonly { readonly type: string }[]) => all.map(({ type }) => ({ typeName: type }));
  const diagnostics = (problems: readonly Problem[], attributes?: Attributes) => ({ diagnostics: encodeProblems(problems, attributes) });
  const newIdentity = (type: string, state: Row | null) => encodeIdentity(runtime.resource(type), runtime.identity(type, state));

  return {
    GetMetadata: () => ({
      serverCapabilities: capabilities,
      resources: typeNames(provider.resources),
      dataSources: typeNames(provider.dataSources),
    }),
    GetProviderSchema: () => ({
      serverCapabilities: capabilities,
      provider: encodeSchema(provider.schema, provider.description, 0),
      resourceSchemas: new Map(
        provider.resources.map(({ type, description, version }) => [type, encodeSchema(runtime.schemaOf(type), description, version ?? 0)]),
      ),
      dataSourceSchemas: new Map(provider.dataSources.map(({ type, description, schema }) => [type, encodeSchema(schema, description, 0)])),
    }),
    GetFunctions: () => ({}),
    GetResourceIdentitySchemas: () => ({ identitySchemas: identitySchemas(provider.resources) }),
    UpgradeResourceIdentity: ({ typeName, rawIdentity }) => ({
      upgradedIdentity: encodeStoredIdentity(runtime.resource(typeName), decodeStored(rawIdentity)),
    }),
    ValidateProviderConfig: ({ config }) => diagnostics(runtime.validateProvider(decodeRowThere(provider.schema, config)), provider.schema),
    ValidateResourceConfig: ({ typeName, config, clientCapabilities }) => {
      const attributes = runtime.schemaOf(typeName);
      const allowed = clientCapabilities?.writeOnlyAttributesAllowed ?? false;
      return diagnostics(runtime.validateResource(typeName, decodeRowThere(attributes, config), allowed), attributes);
    },
    ValidateDataResourceConfig: ({ typeName, config }) => {
      const { schema } = runtime.dataSource(typeName);
      return diagnostics(runtime.validateDataSource(typeName, decodeRowThere(schema, config)), schema);
    },
    ConfigureProvider: async ({ config, terraformVersion }) =>
      diagnostics(
        await runtime.configure(decodeRow(provider.schema, config) ?? nullRow(provider.schema), terraformVersion),
        provider.schema,
      ),
    UpgradeResourceState: ({ typeName, version, rawState }) => {
      const attributes = runtime.schemaOf(typeName);
      const { row, problems } = runtime.upgrade(typeName, version, decodeStored(rawState));
      return { ...(row ? { upgradedState: encodeRow(attributes, row) } : {}), ...diagnostics(problems, attributes) };
    },
    ReadResource: async ({ typeName, currentState, private: private_, currentIdentity }) => {
      const attributes = runtime.schemaOf(typeName);
      const state = decodeRow(attributes, currentState);
      if (!state) return { newState: encodeRow(attributes, null), private: private_ };
      const { row = state, problems } = await runtime.read(typeName, state);
      const identity = problems.some(({ severity }) => severity === "error") ? currentIdentity : newIdentity(typeName, row);
      return { newState: encodeRow(attributes, row), private: private_, ...diagnostics(problems, attributes), newIdentity: identity };
    },
    PlanResourceChange: async ({ typeName, priorState, proposedNewState, config, priorPrivate, priorIdentity }) => {
      const attributes = runtime.schemaOf(typeName);
      const prior = decodeRow(attributes, priorState);
      const proposed = decodeRow(attributes, proposedNewState);
      if (!proposed) {
        const problems = prior ? await runtime.planDestroy(typeName, prior) : [];
        return { plannedState: encodeRow(attributes, null), plannedPrivate: priorPrivate, ...diagnostics(problems, attributes) };
      }
      const { planned, requiresReplace, problems } = await runtime.plan(typeName, {
        prior,
        proposed,
        config: decodeRowThere(attributes, config),
      });
      return {
        ...(planned ? { plannedState: encodeRow(attributes, planned) } : {}),
        requiresReplace: (requiresReplace ?? []).map((path) => encodePath(path, attributes)),
        plannedPrivate: priorPrivate,
        plannedIdentity: priorIdentity,
        ...diagnostics(problems, attributes),
      };
    },
    ApplyResourceChange: async ({ typeName, priorState, plannedState, config, plannedPrivate }) => {
      const attributes = runtime.schemaOf(typeName);
      const { state, problems } = await runtime.apply(typeName, {
        prior: decodeRow(attributes, priorState),
        planned: decodeRow(attributes, plannedState),
        config: decodeRow(attributes, config),
      });
      return {
        newState: encodeRow(attributes, state),
        private: plannedPrivate,
        ...diagnostics(problems, attributes),
        newIdentity: newIdentity(typeName, state),
      };
    },
    ImportResourceState: async ({ typeName, id, identity }) => {
      const attributes = runtime.schemaOf(typeName);
      const { row, problems } = await runtime.import(typeName, id || importIdOf(runtime.resource(typeName), identity));
      const imported = row && { typeName, state: encodeRow(attributes, row), ...(identity ? { identity } : {}) };
      return { importedResources: imported ? [imported] : [], ...diagnostics(problems, attributes) };
    },
    MoveResourceState: ({ sourceProviderAddress, sourceTypeName, sourceSchemaVersion, sourceState, targetTypeName, sourcePrivate }) => {
      const attributes = runtime.schemaOf(targetTypeName);
      const source = {
        provider: sourceProviderAddress,
        type: sourceTypeName,
        version: sourceSchemaVersion,
        state: decodeStored(sourceState),
      };
      const { row, problems } = runtime.move(targetTypeName, source);
      // Private data is the source's own, in a form that only it knows.
      const own = sourceProviderAddress === provider.address ? { targetPrivate: sourcePrivate } : {};
      return { ...(row ? { targetState: encodeRow(attributes, row), ...own } : {}), ...diagnostics(problems, attributes) };
    },
    ReadDataSource: async ({ typeName, config }) => {
      const { schema } = runtime.dataSource(typeName);
      const { row, problems } = await runtime.readData(typeName, decodeRowThere(schema, config));
      return { ...(row ? { state: encodeRow(schema, row) } : {}), ...diagnostics(problems, schema) };
    },
    StopProvider: () => {
      runtime.running.stop();
      return {};
    },
  };
}
