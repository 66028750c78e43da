import { join, resolve } from "node:path";
import { readState } from "../terraform/read-documents.ts";
import type { State } from "../terraform/state.ts";
import type { Terraform } from "../terraform/terraform.ts";
import { readTextIfAny } from "./files.ts";
import { terraformSettings } from "./initialize-terraform.ts";
import type { StateDirectory } from "./state-directory.ts";

/**
 * The state as it is stored; undefined if there is none yet. A file on this machine is read as it is; what any other backend has, Terraform is asked for, which
 * takes it a tenth of a second.
 */
export async function readStoredState(
  terraform: Terraform,
  state: StateDirectory,
  env: Readonly<NodeJS.ProcessEnv>,
): Promise<State | undefined> {
  const local = (await terraformSettings(state))?.backend?.["local"] as
    | { readonly path?: unknown; readonly workspace_dir?: unknown }
    | undefined;
  // In another workspace the file is elsewhere; OpenTofu may have encrypted it.
  const workspace =
    env["TF_WORKSPACE"] ?? (await readTextIfAny(join(state.terraform, env["TF_DATA_DIR"] ?? ".terraform", "environment"))) ?? "default";
  if (terraform.product !== "terraform" || typeof local?.path !== "string" || local.path.includes("${") || workspace.trim() !== "default")
    return await terraform.pullState();
  return readState((await readTextIfAny(resolve(state.terraform, local.path))) ?? "");
}
