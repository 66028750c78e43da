import { expect, test } from "vitest";
import { labOf, normalized, said } from "../lab-fixtures.ts";

test("without a seed a sandbox is ready when a login works", () => {
  expect(normalized(labOf({ web: { seed: "none" } })).lab.sandboxes["web"]?.ready).toBe("ssh");
  expect(normalized(labOf({ web: {} })).lab.sandboxes["web"]?.ready).toBe("cloudInit");
});

test("without a seed nothing can wait for cloud-init", () => {
  expect(said(labOf({ web: { seed: "none", ready: "cloudInit" } }))).toEqual(["READY_NEEDS_SEED sandboxes.web.ready"]);
});

test("a command as probe needs somebody to wait for a login", () => {
  expect(said(labOf({ web: { ready: "none", probes: [{ tcp: 80 }, { exec: "true" }] } }))).toEqual([
    "PROBE_NEEDS_READY sandboxes.web.probes.1",
  ]);
});

test("a timeout takes time", () => {
  expect(said(labOf({ web: { timeouts: { ready: "0s", shutdown: "0ms" } } }))).toEqual([
    "TIMEOUT_ZERO sandboxes.web.timeouts.ready",
    "TIMEOUT_ZERO sandboxes.web.timeouts.shutdown",
  ]);
});

test("timeouts merge by key, in milliseconds", () => {
  const written = labOf({ web: { timeouts: { ready: "90s" } } }, { defaults: { image: "base", timeouts: { shutdown: "2m" } } });
  expect(normalized(written).lab.sandboxes["web"]?.timeouts).toEqual({ ready: 90_000, shutdown: 120_000 });
});
