import { expect, test } from "vitest";
import { labOf, said } from "../lab-fixtures.ts";

test("a sandbox's own network may not have the name of a declared one", () => {
  expect(said(labOf({ front: {} }, { networks: { front: {} } }))).toEqual(["OWN_NETWORK_NAME_TAKEN sandboxes.front"]);
});

test("a sandbox that is in networks may be called like one of them", () => {
  expect(said(labOf({ front: { networks: ["front"] } }, { networks: { front: {} } }))).toEqual([]);
});
