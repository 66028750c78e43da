import { address } from "../../stacks/emit/names.ts";
import type { Lab } from "../lab/lab.ts";
import { stateObjects, type State } from "../terraform/state.ts";

/** What the state tells everybody who shares it. */
export interface SharedLab {
  /** As it was applied, without the content of cloud-init (`sharedLab`), and without what is not there any more or not yet. */
  readonly lab: Lab;
  /** Keyed fingerprints of secrets, by sandbox. */
  readonly fingerprints: Readonly<Record<string, string>>;
}

/** The copy of the lab that an apply leaves in the state; undefined for a state without one, and for one that a later release wrote. */
export function sharedLabIn(state: State | undefined): SharedLab | undefined {
  const objects = state ? stateObjects(state) : [];
  const attributes = objects.find((object) => object.address === `terraform_data.${address.lab}`)?.instance.attributes;
  // A value of dynamic type is stored as { value, type }.
  const { lab: text, fingerprints = {} } =
    (attributes?.["input"] as { readonly value?: { readonly lab?: string; readonly fingerprints?: Record<string, string> } } | undefined)
      ?.value ?? {};
  const lab = text === undefined ? undefined : (JSON.parse(text) as Lab);
  if (lab?.format !== 1) return undefined;
  // It is written as an apply begins: what that did not come to is not there, and neither is what was destroyed since.
  const there = new Set(objects.filter(({ resource }) => resource.type !== "terraform_data").map(({ resource }) => resource.name));
  const sandboxes = Object.entries(lab.sandboxes).filter(([, sandbox]) => there.has(address.sandbox(sandbox)));
  const networks = Object.entries(lab.networks).filter(([, network]) => there.has(address.network(network)));
  return { lab: { ...lab, sandboxes: Object.fromEntries(sandboxes), networks: Object.fromEntries(networks) }, fingerprints };
}
