import fc from "fast-check";
import { expect, test } from "vitest";
import { checkApplied } from "../../../../lib/provider/framework/check/applied.ts";
import { checkPlanned } from "../../../../lib/provider/framework/check/planned.ts";
import { fullSchema } from "../../../../lib/provider/framework/lifecycle/timeouts.ts";
import { equalValues } from "../../../../lib/provider/framework/equal.ts";
import { objectType, type Row } from "../../../../lib/provider/framework/schema-type.ts";
import { decodeValue, encodeValue } from "../../../../lib/provider/protocol/value-codec.ts";
import { anyConfiguration, resolveUnknowns } from "../../../fixtures/provider/arbitrary-values.ts";
import type { Answer } from "../../../fixtures/provider/plugin-client.ts";
import { serveWorkbench } from "../../../fixtures/provider/serve-workbench.ts";
import { proposeNewState } from "../../../fixtures/provider/terraform-core.ts";
import { thing } from "../../../fixtures/provider/workbench.ts";

const attributes = fullSchema(thing);
const type = objectType(attributes);
const typeName = thing.type;
const { bench, client } = serveWorkbench();

const send = (row: Row | null) => ({ msgpack: encodeValue(type, row) });
const received = (value: unknown) => decodeValue(type, (value as { msgpack: Uint8Array }).msgpack) as Row | null;
const errorsOf = ({ diagnostics }: Answer) => (diagnostics ?? []).filter(({ severity }) => severity === 1).map(({ summary }) => summary);

async function plan(prior: Row | null, config: Row): Promise<{ planned: Row; replace: boolean }> {
  const answer = await client().call("PlanResourceChange", {
    type_name: typeName,
    prior_state: send(prior),
    proposed_new_state: send(proposeNewState(attributes, prior, config)),
    config: send(config),
  });
  expect(errorsOf(answer)).toEqual([]);
  const planned = received(answer["planned_state"]);
  if (!planned) throw new Error("nothing was planned");
  expect(checkPlanned(attributes, prior, config, planned)).toEqual([]);
  return { planned, replace: (answer["requires_replace"] as unknown[]).length > 0 };
}

async function apply(prior: Row | null, planned: Row | null, config: Row | null): Promise<Row | null> {
  const states = { prior_state: send(prior), planned_state: send(planned), config: send(config) };
  const answer = await client().call("ApplyResourceChange", { type_name: typeName, ...states });
  expect(errorsOf(answer)).toEqual([]);
  const state = received(answer["new_state"]);
  if (planned && state) expect(checkApplied(attributes, planned, state)).toEqual([]);
  return state;
}

async function valid(config: Row): Promise<boolean> {
  const capabilities = { write_only_attributes_allowed: true };
  const answer = await client().call("ValidateResourceConfig", {
    type_name: typeName,
    config: send(config),
    client_capabilities: capabilities,
  });
  const errors = errorsOf(answer);
  for (const error of errors)
    expect(error).toMatch(
      /^(Invalid name: expected at most 60|a size of 13 has no memory|Invalid (create|update|delete): expected a duration)/,
    );
  return errors.length === 0;
}

const configuration = anyConfiguration(attributes, {
  fault: fc.constant(null),
  protect: fc.constantFrom(null, false),
  timeouts: fc.constantFrom(null, { create: "5m", update: null, delete: null }),
});

test(
  "2,000 random configurations are planned, applied, read, planned empty, changed and destroyed by Core's rules",
  { timeout: 280_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(configuration, configuration, fc.nat(), async (uncertain, nextUncertain, seed) => {
        const config = resolveUnknowns(attributes, uncertain, seed);
        const next = resolveUnknowns(attributes, nextUncertain, seed + 7);
        if (!(await valid(uncertain)) || !(await valid(config)) || !(await valid(nextUncertain)) || !(await valid(next))) return;

        // What is known while something is still unknown must be so in the end, too.
        const first = await plan(null, uncertain);
        const { planned } = await plan(null, config);
        const state = await apply(null, planned, config);
        expect(checkApplied(attributes, first.planned, state ?? {})).toEqual([]);
        const read = await client().call("ReadResource", { type_name: typeName, current_state: send(state) });
        expect(errorsOf(read)).toEqual([]);
        expect(equalValues(type, received(read["new_state"]), state)).toBe(true);
        const again = await plan(state, config);
        expect(again).toEqual({ planned: state, replace: false });

        const firstChange = await plan(state, nextUncertain);
        const change = await plan(state, next);
        let last: Row | null;
        if (change.replace) {
          expect(await apply(state, null, null)).toBe(null);
          last = await apply(null, (await plan(null, next)).planned, next);
        } else {
          last = await apply(state, change.planned, next);
          if (!firstChange.replace) expect(checkApplied(attributes, firstChange.planned, last ?? {})).toEqual([]);
        }
        expect(await plan(last, next)).toEqual({ planned: last, replace: false });
        expect(await apply(last, null, null)).toBe(null);
      }),
      { numRuns: 1000 },
    );
    expect(bench.things.size).toBe(0);
  },
);
