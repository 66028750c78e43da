import { expect, test } from "vitest";
import { readOutputs, readPlan, readState, readValidation } from "../../lib/terraform/read-documents.ts";
import { stateObjects } from "../../lib/terraform/state.ts";
import { readRecorded } from "./recorded.ts";

test("a plan gives every change with actions, reason and the paths that force a replacement", () => {
  const plan = readPlan(readRecorded("plan.json"));
  const changes = plan.resource_changes?.map(({ address, change, action_reason: reason }) => [
    address,
    change.actions,
    reason,
    change.replace_paths,
  ]);
  expect(changes).toEqual([
    ["terraform_data.disk[0]", ["delete", "create"], "replace_because_cannot_update", [["triggers_replace"]]],
    ["terraform_data.disk[1]", ["delete", "create"], "replace_because_cannot_update", [["triggers_replace"]]],
    ['terraform_data.renamed["web"]', ["no-op"], undefined, undefined],
    ["terraform_data.slow", ["delete"], "delete_because_no_resource_config", undefined],
  ]);
  expect(plan.resource_changes?.[2]).toMatchObject({ previous_address: 'terraform_data.key["web"]', index: "web" });
  expect(plan.resource_changes?.[0]?.change).toMatchObject({
    before: { triggers_replace: ["small"] },
    after: { triggers_replace: ["large"] },
  });
  expect(plan.output_changes?.["size"]).toMatchObject({ actions: ["update"], before: "small", after: "large" });
});

test("a plan of another major format is refused", () => {
  expect(() => readPlan('{"format_version":"2.0"}')).toThrow('expected terraform show to print a plan of format 1.x, found "2.0"');
  expect(() => readPlan("Error")).toThrow("expected terraform show to print a JSON object");
});

test("a state gives its managed objects by address", () => {
  const state = readState(readRecorded("state.json"));
  expect(state && stateObjects(state).map(({ address }) => address)).toEqual([
    "terraform_data.disk[0]",
    "terraform_data.disk[1]",
    'terraform_data.key["web"]',
    "terraform_data.slow",
  ]);
});

test("addresses of a state carry the module; data sources and deposed objects are left out", () => {
  const text = JSON.stringify({
    version: 4,
    resources: [
      { module: "module.net", mode: "managed", type: "t", name: "n", instances: [{ deposed: "abcd1234" }, { index_key: 0 }] },
      { mode: "data", type: "d", name: "n", instances: [{}] },
    ],
  });
  const state = readState(text);
  expect(state && stateObjects(state).map(({ address }) => address)).toEqual(["module.net.t.n[0]"]);
});

test("no state yet is undefined, and another format is refused", () => {
  expect(readState("\n")).toBeUndefined();
  expect(() => readState('{"version":3}')).toThrow("expected terraform state pull to print a state of format 4, found 3");
});

test("outputs are read by name", () => {
  expect(readOutputs('{"a":{"sensitive":false,"type":"string","value":"x"}}')["a"]?.value).toBe("x");
  expect(() => readOutputs('{"a":1}')).toThrow("expected terraform output to print outputs");
});

test("a validation gives diagnostics with file and line", () => {
  const range = { filename: "main.tf.json", start: { line: 3, column: 7, byte: 40 }, end: { line: 3, column: 9, byte: 42 } };
  const text = JSON.stringify({
    valid: false,
    diagnostics: [{ severity: "error", summary: "Unsupported argument", detail: "No.", range }],
  });
  expect(readValidation(text)).toMatchObject([{ diagnostic: { summary: "Unsupported argument" }, raw: { range: { line: 3, column: 7 } } }]);
});
