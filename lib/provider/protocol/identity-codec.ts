import type { Attributes } from "../framework/attribute.ts";
import type { Problem } from "../framework/problem.ts";
import type { Resource, StoredState } from "../framework/resource.ts";
import { fromJson } from "../framework/lifecycle/stored-state.ts";
import type { CtyType, Value } from "../framework/value.ts";
import { decodeValue, encodeValue } from "./value-codec.ts";
import { WireError } from "./wire-error.ts";

interface WireIdentity {
  readonly identityData: { readonly msgpack: Uint8Array; readonly json: Uint8Array } | undefined;
}

interface WithIdentity {
  readonly type: string;
  readonly identity?: Resource<Attributes, never>["identity"];
}

type Identity = Readonly<Record<string, Value>>;

/** Identity schemas of the resources that have one. */
export function identitySchemas(resources: readonly WithIdentity[]) {
  return new Map(
    resources.flatMap(({ type, identity }) => {
      if (!identity) return [];
      const identityAttributes = Object.entries(identity.attributes).map(([name, attribute]) => ({
        name,
        type: Buffer.from(JSON.stringify(attribute.type)),
        description: attribute.description,
        requiredForImport: attribute.requiredForImport ?? false,
        optionalForImport: attribute.optionalForImport ?? false,
      }));
      return [[type, { version: identity.version ?? 0, identityAttributes }] as const];
    }),
  );
}

export function encodeIdentity({ identity }: WithIdentity, value: Identity | undefined) {
  if (!identity || !value) return undefined;
  return { identityData: { msgpack: encodeValue(typeOf(identity), value), json: new Uint8Array() } };
}

/** An identity as it stands in Terraform's file. */
export function encodeStoredIdentity(resource: WithIdentity, stored: StoredState) {
  if (!resource.identity) throw new WireError(`${resource.type} has no identity`);
  const problems: Problem[] = [];
  const value = fromJson(typeOf(resource.identity), stored, [], problems);
  if (problems[0]) throw new WireError(problems[0].summary);
  return encodeIdentity(resource, value as Identity);
}

/** The id for an import by identity. */
export function importIdOf({ type, identity }: WithIdentity, sent: Partial<WireIdentity> | undefined): string {
  const bytes = sent?.identityData?.msgpack;
  if (!identity || !bytes || bytes.length === 0) throw new WireError(`expected an id of ${type} to import, got none`);
  return identity.importId(decodeValue(typeOf(identity), bytes) as Identity);
}

function typeOf({ attributes }: NonNullable<WithIdentity["identity"]>): CtyType {
  return ["object", Object.fromEntries(Object.entries(attributes).map(([name, { type }]) => [name, type]))];
}
