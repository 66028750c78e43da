import { expect, test } from "vitest";
import { sharedLabIn } from "../../lib/deploy/shared-lab-in-state.ts";
import { canonicalJson } from "../../lib/lab/canonical-json.ts";
import { sharedLab } from "../../lib/lab/shared-lab.ts";
import type { State, StateResource } from "../../lib/terraform/state.ts";
import { address } from "../../stacks/emit/names.ts";
import { labOf, normalized } from "../lab/lab-fixtures.ts";

const { lab } = normalized(labOf({ web: { networks: ["front"] }, db: { networks: ["front"] } }, { networks: { front: { mode: "nat" } } }));

const object = (type: string, name: string, attributes: StateResource["instances"][number]["attributes"] = {}): StateResource => ({
  mode: "managed",
  type,
  name,
  provider: "",
  instances: [{ schema_version: 0, attributes }],
});

const stateWith = (text: string, ...resources: readonly StateResource[]): State => {
  const value = { lab: text, fingerprints: { web: "abc" } };
  const copy = object("terraform_data", address.lab, { input: { value, type: "…" }, output: { value, type: "…" } });
  return { version: 4, terraform_version: "1.11.4", serial: 1, lineage: "", outputs: {}, resources: [copy, ...resources] };
};

test("the copy in the state is the lab, without what the apply did not come to", () => {
  const [web, front] = [lab.sandboxes["web"], Object.values(lab.networks)[0]];
  if (!web || !front) throw new Error("Expected the lab to have both");
  // The trigger of a sandbox alone is no sandbox.
  const trigger = object("terraform_data", address.sandbox({ host: web.host, name: "db" }));
  const state = stateWith(
    canonicalJson(sharedLab(lab)),
    object("libvirt_domain", address.sandbox(web)),
    object("libvirt_network", address.network(front)),
    trigger,
  );
  const shared = sharedLabIn(state);
  expect(shared?.fingerprints).toEqual({ web: "abc" });
  expect(Object.keys(shared?.lab.sandboxes ?? {})).toEqual(["web"]);
  expect(shared?.lab.networks).toEqual(lab.networks);
  expect(shared?.lab.sandboxes["web"]?.nics).toEqual(web.nics);
});

test("an empty state, one of an earlier release and one of a later release have no copy that can be used", () => {
  expect(sharedLabIn(undefined)).toBeUndefined();
  expect(sharedLabIn({ ...stateWith("{}"), resources: [] })).toBeUndefined();
  expect(sharedLabIn(stateWith('{"format":2}'))).toBeUndefined();
});
