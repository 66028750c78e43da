import { expect, test } from "vitest";
import { fullSchema } from "../../../lib/provider/framework/lifecycle/timeouts.ts";
import { equalValues } from "../../../lib/provider/framework/equal.ts";
import { objectType } from "../../../lib/provider/framework/schema-type.ts";
import { BigNumber, Dynamic, isUnknown, unknown } from "../../../lib/provider/framework/value.ts";
import { calls, type CallName } from "../../../lib/provider/protocol/messages.ts";
import { decodeValue, encodeValue } from "../../../lib/provider/protocol/value-codec.ts";
import recorded from "../../fixtures/provider/recorded-by-terraform-1.11.json" with { type: "json" };
import { thing } from "../../fixtures/provider/workbench.ts";

const type = objectType(fullSchema(thing));
const requests = recorded.map(({ call, request }) => ({ call: call as CallName, bytes: Buffer.from(request, "base64") }));

test.each(requests)("a $call recorded from Terraform is read, and written to the same bytes", ({ call, bytes }) => {
  const { request } = calls[call];
  expect(request.encode(request.decode(bytes) as never).equals(bytes)).toBe(true);
});

/** Every MessagePack value of a bench_thing in the requests. */
const values = requests.flatMap(({ call, bytes }) => {
  const decoded = calls[call].request.decode(bytes) as Record<string, { msgpack?: Uint8Array } | undefined>;
  const names =
    call === "PlanResourceChange" ? ["config", "priorState", "proposedNewState"] : ["priorState", "plannedState", "currentState"];
  const ofThing = call !== "ValidateProviderConfig" && call !== "ConfigureProvider";
  return ofThing ? names.flatMap((name) => decoded[name]?.msgpack ?? []) : [];
});

test("each value recorded from Terraform survives a round trip", () => {
  expect(values.length).toBeGreaterThan(5);
  for (const bytes of values) {
    const value = decodeValue(type, bytes);
    expect(equalValues(type, decodeValue(type, encodeValue(type, value)), value)).toBe(true);
  }
});

test("numbers, unknowns with what is certain of them, dynamic values and odd keys are read as Terraform meant them", () => {
  const plan = requests.find(({ call }) => call === "PlanResourceChange");
  const config = calls.PlanResourceChange.request.decode(plan?.bytes ?? new Uint8Array()).config?.msgpack ?? new Uint8Array();
  const row = decodeValue(type, config) as Record<string, unknown>;
  expect(row).toMatchObject({
    name: "größe",
    ratio: new BigNumber("12345678901234567890.0123456789"),
    counts: [1, 2.5, -3, 0.1, 9007199254740991, 1e9],
    words: ["a", "b"],
    pair: [["x", true]],
    password: "hush-nowhere",
    size: null,
    id: null,
  });
  expect(row["anything"]).toEqual(
    new Dynamic(["object", { a: ["tuple", ["number", "string"]], b: "number", c: "dynamic" }], {
      a: [1, "x"],
      b: new BigNumber("9007199254740993"),
      c: null,
    }),
  );
  expect(Object.entries(row["tags"] as object)).toEqual([
    ["__proto__", "kept"],
    ["a b", "c"],
    ["late", unknown],
  ]);
  const { memory } = row;
  if (!isUnknown(memory)) throw new Error("expected the memory to be unknown");
  // "pre-${…}": not null, and begins with `pre-`. It goes back as it came.
  expect(Buffer.from(memory.refinement ?? []).toString("latin1")).toContain("pre-");
  expect(Buffer.from(encodeValue("string", memory)).equals(Buffer.from(memory.refinement ?? []))).toBe(true);
});
