import { address } from "../../stacks/emit/names.ts";
import { stateObjects, type State } from "../terraform/state.ts";

/** The deployment's id as the state has it; undefined before the first apply. */
export function deploymentIn(state: State | undefined): string | undefined {
  if (!state) return undefined;
  const object = stateObjects(state).find((candidate) => candidate.address === `terraform_data.${address.deployment}`);
  // A value of dynamic type is stored as { value, type }.
  const output = object?.instance.attributes?.["output"] as { readonly value?: unknown } | string | undefined;
  const value = typeof output === "object" ? output.value : output;
  return typeof value === "string" && value !== "" ? value : undefined;
}
