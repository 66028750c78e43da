import * as fc from "fast-check";
import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { parseEvent } from "../../lib/terraform/parse-event.ts";
import { readRecorded, replay } from "./recorded.ts";

const streams = readdirSync(new URL("../fixtures/terraform/", import.meta.url)).filter((name) => name.endsWith(".jsonl"));

test.each(streams)("every JSON line of %s is an event of a known type", (name) => {
  const lines = readRecorded(name)
    .split("\n")
    .filter((line) => line.startsWith("{"));
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.map((line) => parseEvent(line)?.type)).not.toContain("other");
  expect(lines.map((line) => parseEvent(line))).not.toContain(undefined);
});

test("an apply is told as planned changes, then start, progress and completion of each object, then the counts", async () => {
  const { events } = await replay("apply.jsonl", { exitCode: 0 });
  const slow = events.filter((event) => "resource" in event && event.resource.address === "terraform_data.slow");
  expect(slow.map(({ type }) => type)).toEqual([
    "planned_change",
    "apply_start",
    "provision_start",
    "provision_progress",
    "provision_progress",
    "apply_progress",
    "provision_complete",
    "apply_complete",
  ]);
  expect(slow[5]).toMatchObject({ action: "create", elapsedSeconds: 10, resource: { type: "terraform_data", name: "slow" } });
  expect(slow[4]).toMatchObject({ provisioner: "local-exec", output: "working" });
  expect(events.findLast(({ type }) => type === "change_summary")).toMatchObject({
    operation: "apply",
    add: 4,
    change: 0,
    remove: 0,
    import: 0,
  });
});

test("an object made by count or for_each carries its index or key", async () => {
  const { events } = await replay("apply.jsonl", { exitCode: 0 });
  const keys = events.flatMap((event) => (event.type === "planned_change" ? [[event.resource.address, event.resource.key]] : []));
  expect(keys).toContainEqual(["terraform_data.disk[1]", 1]);
  expect(keys).toContainEqual(['terraform_data.key["web"]', "web"]);
  expect(keys).toContainEqual(["terraform_data.slow", undefined]);
});

test("a plan tells why an object is replaced or deleted, and where a moved one was", async () => {
  const { events } = await replay("plan.jsonl", { exitCode: 0 });
  const changes = events.flatMap((event) => (event.type === "planned_change" ? [event] : []));
  expect(changes.map(({ resource, action, reason, previousAddress }) => [resource.address, action, reason, previousAddress])).toEqual([
    ["terraform_data.slow", "delete", "delete_because_no_resource_config", undefined],
    ['terraform_data.renamed["web"]', "move", undefined, 'terraform_data.key["web"]'],
    ["terraform_data.disk[0]", "replace", "cannot_update", undefined],
    ["terraform_data.disk[1]", "replace", "cannot_update", undefined],
  ]);
});

test("drift is read like a planned change", () => {
  const resource = { addr: "libvirt_domain.web", resource_type: "libvirt_domain", resource_name: "web", resource_key: null };
  expect(parseEvent(JSON.stringify({ "@message": "m", type: "resource_drift", change: { resource, action: "delete" } }))).toEqual({
    message: "m",
    type: "resource_drift",
    action: "delete",
    resource: { address: "libvirt_domain.web", type: "libvirt_domain", name: "web" },
  });
});

test("the value of a sensitive output is not in the stream", async () => {
  const { events } = await replay("apply.jsonl", { exitCode: 0 });
  expect(events.findLast((event) => event.type === "outputs")).toMatchObject({
    outputs: { size: { sensitive: false, value: "small" }, token: { sensitive: true, value: undefined } },
  });
});

test("an event of a newer engine is kept as it came", () => {
  const body = { "@message": "New", "@timestamp": "2030-01-01T00:00:00Z", type: "action_start", hook: { action: "reboot" } };
  expect(parseEvent(JSON.stringify(body))).toEqual({
    type: "other",
    name: "action_start",
    message: "New",
    at: "2030-01-01T00:00:00Z",
    body,
  });
});

test("a known event in an unknown form is kept as it came", () => {
  expect(parseEvent('{"type":"apply_start","hook":{"resource":7}}')).toMatchObject({ type: "other", name: "apply_start" });
  expect(parseEvent('{"type":"change_summary"}')).toMatchObject({ type: "other", name: "change_summary" });
});

test("a line that is no event is none", () => {
  for (const line of ["", "  ", "Successfully configured the backend", "[]", "null", "{}", '{"type":7}', '{"type":'])
    expect(parseEvent(line)).toBeUndefined();
});

test("no line and no JSON value makes the reader throw", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
      expect(() => parseEvent(line)).not.toThrow();
    }),
  );
});

test("an event with anything inside is still an event", () => {
  const types = fc.constantFrom(
    "planned_change",
    "outputs",
    "apply_start",
    "provision_start",
    "refresh_start",
    "diagnostic",
    "change_summary",
    "log",
  );
  const keys = fc.constantFrom("hook", "change", "changes", "outputs", "diagnostic");
  fc.assert(
    fc.property(types, fc.jsonValue(), keys, (type, value, key) => {
      expect(parseEvent(JSON.stringify({ type, [key]: value }))).toMatchObject({ message: "" });
    }),
  );
});
