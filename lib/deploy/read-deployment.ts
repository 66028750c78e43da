import { join } from "node:path";
import { readTextIfAny } from "./files.ts";
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

/**
 * The id that an apply before this one meant to use: it may have been stopped before the state knew it.
 *
 * @param directory Terraform's
 */
export async function deploymentOfFile(directory: string): Promise<string | undefined> {
  const text = await readTextIfAny(join(directory, "terrarium.auto.tfvars.json"));
  const id = text === undefined ? undefined : (JSON.parse(text) as { deployment_id?: unknown }).deployment_id;
  return typeof id === "string" && id !== "" ? id : undefined;
}
