import { expect, test } from "vitest";
import { DiagnosticError } from "../../../lib/diagnostics/diagnostic-error.ts";
import type { Attributes } from "../../../lib/provider/framework/attribute.ts";
import { ProviderRuntime } from "../../../lib/provider/framework/lifecycle/provider-runtime.ts";
import { nullRow, type Row } from "../../../lib/provider/framework/schema-type.ts";
import type { Resource } from "../../../lib/provider/framework/resource.ts";
import { unknown } from "../../../lib/provider/framework/value.ts";
import { proposeNewState } from "../../fixtures/provider/terraform-core.ts";
import { emptyBench, thing, workbenchProvider, type Workbench } from "../../fixtures/provider/workbench.ts";

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** A runtime whose one resource is the workbench's thing, with other handlers. */
async function runtimeWith(handlers: Partial<Resource<Attributes, Workbench>> = {}) {
  const provider = workbenchProvider(emptyBench());
  const resource = { ...(thing as unknown as Resource<Attributes, Workbench>), ...handlers };
  const runtime = new ProviderRuntime({ ...provider, resources: [resource] }, silent, { grace: 20 });
  expect(await runtime.configure({ label: null }, "1.11.4")).toEqual([]);
  const attributes = runtime.schemaOf("bench_thing");
  const config = (values: Row): Row => ({ ...nullRow(attributes), name: "one", ...values });
  const plan = (prior: Row | null, written: Row) =>
    runtime.plan("bench_thing", { prior, config: config(written), proposed: proposeNewState(attributes, prior, config(written)) });
  const apply = async (prior: Row | null, written: Row) => {
    const { planned, problems } = await plan(prior, written);
    expect(problems).toEqual([]);
    return await runtime.apply("bench_thing", { prior, planned: planned ?? null, config: config(written) });
  };
  return { runtime, plan, apply };
}

const summaries = (problems: readonly { summary: string }[]) => problems.map(({ summary }) => summary);

test("on create, what the provider computes is unknown, and defaults are planned", async () => {
  const { plan } = await runtimeWith();
  const { planned } = await plan(null, {
    nics: [{ network: "a", mac: null, secret: "x" }],
    settings: { mode: null, level: 1, token: null },
  });
  expect(planned).toMatchObject({
    size: 10,
    id: unknown,
    note: unknown,
    nics: [{ network: "a", mac: unknown, secret: null }],
    settings: { mode: "plain", level: 1, token: unknown },
    memory: null,
  });
});

test("on change, it is unknown again unless it is kept; nothing is while nothing changes", async () => {
  const { plan, apply } = await runtimeWith();
  const { state } = await apply(null, { memory: "1GiB" });
  expect((await plan(state, { memory: "1gib" })).planned).toEqual(state);
  expect((await plan(state, { memory: "2GiB" })).planned).toMatchObject({ memory: "2GiB", id: state?.["id"], generation: unknown });
});

test("replacement is asked for where a modifier says so, with the path inside a map", async () => {
  const { plan, apply } = await runtimeWith();
  const { state } = await apply(null, { size: 20, ports: { ssh: { guest: 22, host: null } } });
  expect((await plan(state, { size: 30, ports: { ssh: { guest: 22, host: null } } })).requiresReplace).toEqual([]);
  expect((await plan(state, { size: 5, ports: { ssh: { guest: 23, host: null } } })).requiresReplace).toEqual([
    ["size"],
    ["ports", "ssh", "guest"],
  ]);
});

test("what a handler throws becomes problems, with the paths of its diagnostics", async () => {
  const diagnostic = { code: "OUT_OF_RANGE", severity: "error", summary: "too large", nextStep: "Take less.", path: ["size"] } as const;
  const { apply } = await runtimeWith({ create: () => Promise.reject(new DiagnosticError([diagnostic])) });
  expect(await apply(null, {})).toEqual({
    state: null,
    problems: [{ severity: "error", summary: "too large", detail: "→ Take less.\n(OUT_OF_RANGE)", path: ["size"] }],
  });
  const sudden = await runtimeWith({
    create: () => {
      throw new Error("no\nmore lines", { cause: new Error("deep") });
    },
  });
  expect((await sudden.apply(null, {})).problems).toEqual([
    { severity: "error", summary: "The provider failed to create bench_thing: no", detail: "no\nmore lines\nCause: deep" },
  ]);
});

test("a result that does not fit the schema is reported with its place, and the rest of the state is kept", async () => {
  const { apply } = await runtimeWith({
    create: (planned) =>
      Promise.resolve({ ...planned, id: 5, counts: ["x"], generation: unknown, note: null, password: "leak", extra: 1 } as never),
  });
  const { state, problems } = await apply(null, { counts: [1], memory: "1GiB" });
  expect(state).toMatchObject({ name: "one", id: null, counts: [1], memory: "1GiB", password: null });
  expect(problems.map(({ path }) => path)).toEqual([[], ["counts", 0], ["id"], ["generation"]]);
});

test("a result that is not what was planned is reported with its attribute", async () => {
  const { apply } = await runtimeWith({
    create: (planned) => Promise.resolve({ ...planned, id: "a", generation: 1, note: null, size: 11 } as never),
  });
  const { state, problems } = await apply(null, { size: 10 });
  expect(state).toMatchObject({ size: 11 });
  expect(problems).toMatchObject([{ path: ["size"], summary: expect.stringContaining("not what was planned") as string }]);
});

test("a create that returns nothing leaves what was planned, and an error", async () => {
  const { apply } = await runtimeWith({ create: () => Promise.resolve(undefined as never) });
  const { state, problems } = await apply(null, {});
  expect(state).toMatchObject({ name: "one", id: null });
  expect(summaries(problems)).toEqual(["The provider's create of bench_thing returned nothing"]);
});

test("a handler that does not listen when it is stopped is answered without", async () => {
  let begun = false;
  const { runtime, apply } = await runtimeWith({
    create: (_planned, { saveState }) => {
      begun = true;
      saveState({ id: "made" });
      return new Promise(() => undefined);
    },
  });
  const applied = apply(null, {});
  await expect.poll(() => begun).toBe(true);
  runtime.running.stop();
  const { state, problems } = await applied;
  expect(state).toMatchObject({ id: "made", name: "one" });
  expect(summaries(problems)[0]).toContain("Terraform was interrupted");
  expect(runtime.running.count).toBe(0);
});

test("a read that fails keeps the state; one that finds nothing forgets the object", async () => {
  const failing = await runtimeWith({ read: () => Promise.reject(new Error("unreachable")) });
  const state = { ...nullRow(failing.runtime.schemaOf("bench_thing")), id: "a" };
  const failed = await failing.runtime.read("bench_thing", state);
  expect(failed).toMatchObject({ row: state, problems: [{ summary: "The provider failed to read bench_thing: unreachable" }] });
  const gone = await runtimeWith({ read: () => Promise.resolve(undefined) });
  expect(await gone.runtime.read("bench_thing", state)).toEqual({ row: null, problems: [] });
});

test("a plan that Core would refuse is refused with its attribute", async () => {
  const { plan } = await runtimeWith({
    modifyPlan: ({ planned }) => {
      Object.assign(planned, { memory: "chosen" });
    },
  });
  expect((await plan(null, {})).problems).toMatchObject([{ path: ["memory"], severity: "error" }]);
});

test("a time limit aborts the handler's signal and is no change by itself", async () => {
  const { apply, plan } = await runtimeWith({
    create: (_planned, { signal, deadline }) => {
      expect(deadline).toBeGreaterThan(Date.now());
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
    },
  });
  const { problems } = await apply(null, { timeouts: { create: "50ms", update: null, delete: null } });
  expect(summaries(problems)).toEqual(["Stopped: could not create bench_thing: it took longer than 0.05 s"]);
  const usual = await runtimeWith();
  const { state } = await usual.apply(null, {});
  const changed = await plan(state, { timeouts: { create: "1h", update: null, delete: null } });
  expect(changed.planned).toEqual({ ...state, timeouts: { create: "1h", update: null, delete: null } });
});

test("validation reports attributes first, and rules between them only if those hold", async () => {
  const { runtime } = await runtimeWith();
  const config = { ...nullRow(runtime.schemaOf("bench_thing")), name: "n".repeat(61), size: 13, memory: "1GiB", old: "x", password: "p" };
  const problems = runtime.validateResource("bench_thing", config, false);
  expect(problems.map(({ severity, path }) => [severity, ...(path ?? [])])).toEqual([
    ["error", "name"],
    ["error", "password"],
    ["warning", "old"],
  ]);
  expect(summaries(runtime.validateResource("bench_thing", { ...config, name: "n" }, true))).toContain("a size of 13 has no memory");
  expect(summaries(runtime.validateProvider({ label: "bad" }))).toEqual(["a bad label"]);
});

test("nothing runs before the provider is configured", async () => {
  const runtime = new ProviderRuntime(workbenchProvider(emptyBench()), silent);
  const state = nullRow(runtime.schemaOf("bench_thing"));
  expect(summaries((await runtime.read("bench_thing", state)).problems)).toEqual([
    "The provider failed to read bench_thing: the provider has not been configured",
  ]);
});
