import { bool, bytes, int, list, map, message, nested, oneOfInt, oneOfString, string, type Decoded, type Message } from "./message.ts";

/*
 * The messages of tfplugin6 that a provider of resources and data sources needs, up to protocol 6.10. Numbers are the wire format:
 * see Terraform's docs/plugin-protocol. Newer fields are passed over when read, as protobuf wants it.
 */

export const severities = { error: 1, warning: 2 } as const;
export const nestings = { single: 1, list: 2, set: 3, map: 4 } as const;
export const markdown = 1;

const empty = message({});

export const dynamicValue = message({ msgpack: bytes(1), json: bytes(2) });
export const rawState = message({ json: bytes(1), flatmap: list(2, message({ key: string(1), value: string(2) })) });
const step = message({ attributeName: oneOfString(1), elementKeyString: oneOfString(2), elementKeyInt: oneOfInt(3) });
export const attributePath = message({ steps: list(1, step) });
export const diagnostic = message({ severity: int(1), summary: string(2), detail: string(3), attribute: nested(4, attributePath) });

/** A nested object has attributes, which can be nested objects: the inner type is looked up when it is needed. */
const nestedType: Message<WireNestedType> = {
  encode: (value) => nestedObject.encode(value),
  decode: (value) => nestedObject.decode(value),
};
export interface WireNestedType {
  readonly attributes: readonly Partial<WireAttribute>[];
  readonly nesting: number;
}
export interface WireAttribute {
  readonly name: string;
  readonly type: Uint8Array;
  readonly description: string;
  readonly required: boolean;
  readonly optional: boolean;
  readonly computed: boolean;
  readonly sensitive: boolean;
  readonly descriptionKind: number;
  readonly deprecated: boolean;
  readonly nestedType: WireNestedType | undefined;
  readonly writeOnly: boolean;
}
const attribute: Message<WireAttribute> = message({
  ...{ name: string(1), type: bytes(2), description: string(3), required: bool(4), optional: bool(5), computed: bool(6) },
  ...{ sensitive: bool(7), descriptionKind: int(8), deprecated: bool(9), nestedType: nested(10, nestedType), writeOnly: bool(11) },
});
const nestedObject: Message<WireNestedType> = message({ attributes: list(1, attribute), nesting: int(3) });
const block = message({ version: int(1), attributes: list(2, attribute), description: string(4), descriptionKind: int(5) });
export const schema = message({ version: int(1), block: nested(2, block) });

const serverCapabilities = message({ planDestroy: bool(1), getProviderSchemaOptional: bool(2), moveResourceState: bool(3) });
const clientCapabilities = message({ deferralAllowed: bool(1), writeOnlyAttributesAllowed: bool(2) });
const identityAttribute = message({
  ...{ name: string(1), type: bytes(2), requiredForImport: bool(3), optionalForImport: bool(4), description: string(5) },
});
const identitySchema = message({ version: int(1), identityAttributes: list(2, identityAttribute) });
export const identityData = message({ identityData: nested(1, dynamicValue) });
const typeName = message({ typeName: string(1) });
const importedResource = message({
  ...{ typeName: string(1), state: nested(2, dynamicValue), private: bytes(3), identity: nested(4, identityData) },
});

const diagnosticsOnly = message({ diagnostics: list(1, diagnostic) });

/** Request and response of each call that we answer, by its name. */
export const calls = {
  GetMetadata: {
    request: empty,
    response: message({
      ...{ serverCapabilities: nested(1, serverCapabilities), diagnostics: list(2, diagnostic) },
      ...{ dataSources: list(3, typeName), resources: list(4, typeName) },
    }),
  },
  GetProviderSchema: {
    request: empty,
    response: message({
      ...{ provider: nested(1, schema), resourceSchemas: map(2, schema), dataSourceSchemas: map(3, schema) },
      ...{ diagnostics: list(4, diagnostic), serverCapabilities: nested(6, serverCapabilities) },
    }),
  },
  GetFunctions: { request: empty, response: message({ diagnostics: list(2, diagnostic) }) },
  GetResourceIdentitySchemas: {
    request: empty,
    response: message({ identitySchemas: map(1, identitySchema), diagnostics: list(2, diagnostic) }),
  },
  UpgradeResourceIdentity: {
    request: message({ typeName: string(1), version: int(2), rawIdentity: nested(3, rawState) }),
    response: message({ upgradedIdentity: nested(1, identityData), diagnostics: list(2, diagnostic) }),
  },
  ValidateProviderConfig: {
    request: message({ config: nested(1, dynamicValue) }),
    response: message({ diagnostics: list(2, diagnostic) }),
  },
  ValidateResourceConfig: {
    request: message({ typeName: string(1), config: nested(2, dynamicValue), clientCapabilities: nested(3, clientCapabilities) }),
    response: diagnosticsOnly,
  },
  ValidateDataResourceConfig: {
    request: message({ typeName: string(1), config: nested(2, dynamicValue) }),
    response: diagnosticsOnly,
  },
  ConfigureProvider: {
    request: message({ terraformVersion: string(1), config: nested(2, dynamicValue), clientCapabilities: nested(3, clientCapabilities) }),
    response: diagnosticsOnly,
  },
  UpgradeResourceState: {
    request: message({ typeName: string(1), version: int(2), rawState: nested(3, rawState) }),
    response: message({ upgradedState: nested(1, dynamicValue), diagnostics: list(2, diagnostic) }),
  },
  ReadResource: {
    request: message({
      ...{ typeName: string(1), currentState: nested(2, dynamicValue), private: bytes(3), providerMeta: nested(4, dynamicValue) },
      ...{ clientCapabilities: nested(5, clientCapabilities), currentIdentity: nested(6, identityData) },
    }),
    response: message({
      ...{ newState: nested(1, dynamicValue), diagnostics: list(2, diagnostic), private: bytes(3) },
      newIdentity: nested(5, identityData),
    }),
  },
  PlanResourceChange: {
    request: message({
      ...{ typeName: string(1), priorState: nested(2, dynamicValue), proposedNewState: nested(3, dynamicValue) },
      ...{ config: nested(4, dynamicValue), priorPrivate: bytes(5), providerMeta: nested(6, dynamicValue) },
      ...{ clientCapabilities: nested(7, clientCapabilities), priorIdentity: nested(8, identityData) },
    }),
    response: message({
      ...{ plannedState: nested(1, dynamicValue), requiresReplace: list(2, attributePath), plannedPrivate: bytes(3) },
      ...{ diagnostics: list(4, diagnostic), plannedIdentity: nested(7, identityData) },
    }),
  },
  ApplyResourceChange: {
    request: message({
      ...{ typeName: string(1), priorState: nested(2, dynamicValue), plannedState: nested(3, dynamicValue) },
      ...{ config: nested(4, dynamicValue), plannedPrivate: bytes(5), plannedIdentity: nested(7, identityData) },
    }),
    response: message({
      ...{ newState: nested(1, dynamicValue), private: bytes(2), diagnostics: list(3, diagnostic) },
      newIdentity: nested(5, identityData),
    }),
  },
  ImportResourceState: {
    request: message({ typeName: string(1), id: string(2), identity: nested(4, identityData) }),
    response: message({ importedResources: list(1, importedResource), diagnostics: list(2, diagnostic) }),
  },
  MoveResourceState: {
    request: message({
      ...{ sourceProviderAddress: string(1), sourceTypeName: string(2), sourceSchemaVersion: int(3), sourceState: nested(4, rawState) },
      ...{ targetTypeName: string(5), sourcePrivate: bytes(6) },
    }),
    response: message({
      ...{ targetState: nested(1, dynamicValue), diagnostics: list(2, diagnostic), targetPrivate: bytes(3) },
      targetIdentity: nested(4, identityData),
    }),
  },
  ReadDataSource: {
    request: message({ typeName: string(1), config: nested(2, dynamicValue), providerMeta: nested(3, dynamicValue) }),
    response: message({ state: nested(1, dynamicValue), diagnostics: list(2, diagnostic) }),
  },
  StopProvider: { request: empty, response: message({ error: string(1) }) },
} as const;

export type CallName = keyof typeof calls;
export type RequestOf<N extends CallName> = Decoded<(typeof calls)[N]["request"]>;
export type ResponseOf<N extends CallName> = Partial<Decoded<(typeof calls)[N]["response"]>>;
