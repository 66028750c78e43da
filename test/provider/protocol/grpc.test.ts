import { expect, test } from "vitest";
import { fullSchema } from "../../../lib/provider/framework/lifecycle/timeouts.ts";
import { nullRow, objectType } from "../../../lib/provider/framework/schema-type.ts";
import { decodeValue, encodeValue } from "../../../lib/provider/protocol/value-codec.ts";
import { serveWorkbench } from "../../fixtures/provider/serve-workbench.ts";
import { thing } from "../../fixtures/provider/workbench.ts";

const attributes = fullSchema(thing);
const type = objectType(attributes);
const send = (values: object | null) => ({ msgpack: encodeValue(type, values && { ...nullRow(attributes), name: "one", ...values }) });
const { bench, client, served } = serveWorkbench();

test("the schema is what another reader of the protocol understands", async () => {
  const answer = await client().call("GetProviderSchema", {});
  expect(answer).toMatchObject({
    diagnostics: [],
    server_capabilities: { plan_destroy: true, get_provider_schema_optional: true, move_resource_state: true },
    provider: { block: { attributes: [{ name: "label", optional: true, computed: true }] } },
  });
  const { bench_thing: schema } = answer["resource_schemas"] as Record<
    string,
    { version: number; block: { attributes: Record<string, unknown>[] } }
  >;
  const named = (name: string) => schema?.block.attributes.find((attribute) => attribute["name"] === name);
  expect(schema?.version).toBe(2);
  expect(named("name")).toMatchObject({ required: true, type: Buffer.from('"string"') });
  expect(named("words")).toMatchObject({ type: Buffer.from('["set","string"]') });
  expect(named("secret")).toMatchObject({ sensitive: true });
  expect(named("password")).toMatchObject({ write_only: true });
  expect(named("old")).toMatchObject({ deprecated: true });
  const nesting = ["settings", "nics", "rules", "ports"].map(
    (name) => (named(name)?.["nested_type"] as { nesting: number } | undefined)?.nesting,
  );
  expect(nesting).toEqual([1, 2, 3, 4]);
  expect(named("timeouts")).toMatchObject({ optional: true });
});

test("metadata, functions and identities", async () => {
  expect(await client().call("GetMetadata", {})).toMatchObject({
    resources: [{ type_name: "bench_thing" }],
    data_sources: [{ type_name: "bench_thing" }],
  });
  expect(await client().call("GetFunctions", {})).toEqual({ diagnostics: [] });
  expect(await client().call("GetResourceIdentitySchemas", {})).toMatchObject({
    identity_schemas: { bench_thing: { identity_attributes: [{ name: "id", required_for_import: true }] } },
  });
});

test("identity goes from create to import", async () => {
  const config = send({});
  const planned = await client().call("PlanResourceChange", {
    type_name: "bench_thing",
    prior_state: send(null),
    proposed_new_state: config,
    config,
  });
  const request = {
    type_name: "bench_thing",
    prior_state: send(null),
    planned_state: planned["planned_state"],
    config,
    planned_private: Buffer.from("own"),
  };
  const applied = await client().call("ApplyResourceChange", request);
  expect(applied["private"]).toEqual(Buffer.from("own"));
  const [id] = bench.things.keys();
  const identity = applied["new_identity"] as { identity_data: { msgpack: Uint8Array } };
  expect(decodeValue(["object", { id: "string" }], identity.identity_data.msgpack)).toEqual({ id });
  const imported = await client().call("ImportResourceState", { type_name: "bench_thing", identity });
  const [found] = imported["imported_resources"] as { state: { msgpack: Uint8Array } }[];
  expect(decodeValue(type, found?.state.msgpack ?? new Uint8Array())).toMatchObject({ id, name: null });
  const upgraded = await client().call("UpgradeResourceIdentity", {
    type_name: "bench_thing",
    raw_identity: { json: Buffer.from('{"id":"x"}') },
  });
  expect(upgraded).toMatchObject({
    upgraded_identity: { identity_data: { msgpack: encodeValue(["object", { id: "string" }], { id: "x" }) } },
  });
});

test("a path leads through lists, maps and objects, and ends at a set", async () => {
  const config = send({ size: 13, memory: "x" });
  const answer = await client().call("ValidateResourceConfig", { type_name: "bench_thing", config });
  expect(answer.diagnostics?.[0]?.attribute?.steps).toMatchObject([{ attribute_name: "memory" }]);
  const secret = send({ nics: [{ network: "a", mac: null, secret: "x" }] });
  const nested = await client().call("ValidateResourceConfig", { type_name: "bench_thing", config: secret });
  expect(nested.diagnostics?.[0]?.attribute?.steps).toMatchObject([
    { attribute_name: "nics" },
    { element_key_int: 0 },
    { attribute_name: "secret" },
  ]);
});

test("a request that cannot be understood is a diagnostic, and the state in it comes back", async () => {
  const state = { msgpack: Buffer.of(0xc1) };
  const answer = await client().call("ReadResource", { type_name: "bench_thing", current_state: state, private: Buffer.from("own") });
  expect(answer.diagnostics?.[0]?.summary).toContain("The provider could not answer ReadResource: ");
  expect(answer).toMatchObject({ new_state: { msgpack: state.msgpack }, private: Buffer.from("own") });
  const unknownType = await client().call("ApplyResourceChange", { type_name: "bench_other", prior_state: send({ id: "a" }) });
  expect(unknownType.diagnostics?.[0]?.summary).toContain('this provider has no resource "bench_other"');
  expect(unknownType).toMatchObject({ new_state: send({ id: "a" }) });
});

test("values in JSON instead of MessagePack are read, too", async () => {
  const json = Buffer.from(JSON.stringify({ ...nullRow(attributes), name: "x".repeat(61) }));
  const answer = await client().call("ValidateResourceConfig", { type_name: "bench_thing", config: { json } });
  expect(answer.diagnostics?.[0]?.summary).toContain("expected at most 60 characters");
});

test("stop is answered, with nothing in flight", async () => {
  expect(await client().call("StopProvider", {})).toEqual({ Error: "" });
  expect(served().inFlight()).toBe(0);
});
