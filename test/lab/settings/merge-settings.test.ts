import { expect, test } from "vitest";
import { mergeSettings } from "../../../lib/lab/settings/merge-settings.ts";
import { labOf, normalized } from "../lab-fixtures.ts";

const merged = mergeSettings([
  {
    path: ["defaults"],
    values: {
      cpus: 1,
      sshKeys: ["a"],
      labels: { team: "x", tier: "1" },
      cloudInit: { packages: ["curl"], runCmd: ["one"], userData: "#a" },
    },
  },
  { path: ["profiles", "web"], values: { cpus: 2, cloudInit: { packages: ["nginx"] } } },
  { path: ["sandboxes", "web"], values: { sshKeys: ["b"], labels: { tier: "2" }, cloudInit: { packages: ["jq"], userData: "#b" } } },
]);

test("plain values and lists replace what lies below", () => {
  expect(merged.values).toMatchObject({ cpus: 2, sshKeys: ["b"] });
});

test("maps merge by key", () => {
  expect(merged.values.labels).toEqual({ team: "x", tier: "2" });
});

test("packages, commands and files of all layers come together, lowest first; user-data replaces", () => {
  expect(merged.values.cloudInit).toEqual({ packages: ["curl", "nginx", "jq"], runCmd: ["one"], userData: "#b" });
});

test("every setting knows where it was written", () => {
  expect(merged.at("cpus")).toEqual(["profiles", "web", "cpus"]);
  expect(merged.at("labels", "team")).toEqual(["defaults", "labels", "team"]);
  expect(merged.at("labels", "tier")).toEqual(["sandboxes", "web", "labels", "tier"]);
  expect(merged.at("cloudInit", "packages", 0)).toEqual(["defaults", "cloudInit", "packages", 0]);
  expect(merged.at("cloudInit", "packages", 1)).toEqual(["profiles", "web", "cloudInit", "packages", 0]);
  expect(merged.at("cloudInit", "packages", 2)).toEqual(["sandboxes", "web", "cloudInit", "packages", 0]);
});

test("what nobody wrote is missing at the sandbox itself", () => {
  expect(merged.at("image")).toEqual(["sandboxes", "web"]);
});

test("a key that is undefined, as constructs pass it, is not written", () => {
  expect(
    mergeSettings([
      { path: ["defaults"], values: { cpus: 2 } },
      { path: ["sandboxes", "web"], values: { cpus: undefined } },
    ]).values,
  ).toEqual({ cpus: 2 });
});

test("a package that several layers name is installed once", () => {
  const written = labOf(
    { web: { cloudInit: { packages: ["curl", "jq"] } } },
    { defaults: { image: "base", cloudInit: { packages: ["curl"] } } },
  );
  expect(normalized(written).lab.sandboxes["web"]?.cloudInit.packages).toEqual(["curl", "jq"]);
});
