import type { Attributes } from "../framework/attribute.ts";
import { fromJson } from "../framework/lifecycle/stored-state.ts";
import type { Problem } from "../framework/problem.ts";
import { objectType, type Row } from "../framework/schema-type.ts";
import type { StoredState } from "../framework/resource.ts";
import { isUnknown, type CtyType, type Value } from "../framework/value.ts";
import { parseExactJson } from "./exact-json.ts";
import { decodeValue, encodeValue } from "./value-codec.ts";
import { WireError } from "./wire-error.ts";

interface WireValue {
  readonly msgpack: Uint8Array;
  readonly json: Uint8Array;
}

export function encodeRow(attributes: Attributes, row: Row | null): WireValue {
  return { msgpack: encodeValue(objectType(attributes), row), json: new Uint8Array() };
}

/** The row in a request; null where it has none. */
export function decodeRow(attributes: Attributes, sent: Partial<WireValue> | undefined): Row | null {
  const value = decodeSent(objectType(attributes), sent);
  if (isUnknown(value)) throw new WireError("a whole configuration or state cannot be unknown");
  return value as Row | null;
}

/** The row in a request that always has one. */
export function decodeRowThere(attributes: Attributes, sent: Partial<WireValue> | undefined): Row {
  const row = decodeRow(attributes, sent);
  if (!row) throw new WireError("expected a configuration or a state, got none");
  return row;
}

function decodeSent(type: CtyType, sent: Partial<WireValue> | undefined): Value {
  if (sent?.msgpack && sent.msgpack.length > 0) return decodeValue(type, sent.msgpack);
  if (!sent?.json || sent.json.length === 0) return null;
  const problems: Problem[] = [];
  const value = fromJson(type, parseExactJson(Buffer.from(sent.json).toString("utf8")), [], problems);
  if (problems[0]) throw new WireError(problems[0].summary);
  return value;
}

/** A state as it stands in Terraform's file. */
export function decodeStored(raw: { readonly json: Uint8Array; readonly flatmap: readonly unknown[] } | undefined): StoredState {
  if (!raw || raw.json.length === 0) {
    throw new WireError(raw?.flatmap.length ? "the state was written by Terraform 0.11 or older" : "expected a stored state, got none");
  }
  const stored = parseExactJson(Buffer.from(raw.json).toString("utf8"));
  if (typeof stored !== "object" || stored === null || Array.isArray(stored))
    throw new WireError("expected a stored state to be an object");
  return stored as StoredState;
}
