import { expect, test } from "vitest";
import { labOf, said } from "../lab-fixtures.ts";

test("cloud-init settings of a sandbox without a seed are warned of", () => {
  expect(said(labOf({ web: { seed: "none", cloudInit: { packages: ["nginx"] } } }))).toEqual(["SEED_UNUSED sandboxes.web.cloudInit"]);
});

test("those that it inherits are meant for others", () => {
  expect(said(labOf({ web: { seed: "none" } }, { defaults: { image: "base", cloudInit: { packages: ["nginx"] } } }))).toEqual([]);
});
