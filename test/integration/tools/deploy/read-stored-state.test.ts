import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readStoredState } from "../../../../lib/deploy/read-stored-state.ts";
import { createStateDirectory, type StateDirectory } from "../../../../lib/deploy/state-directory.ts";
import { findEngine } from "../../../../lib/terraform/engine.ts";
import { Terraform } from "../../../../lib/terraform/terraform.ts";

let directory: string;
let state: StateDirectory;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "terrarium-state-"));
  state = await createStateDirectory(directory, "lab");
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

/** A Terraform that has applied one object into a local state. */
async function applied(path: string, env: NodeJS.ProcessEnv): Promise<Terraform> {
  const configuration = { terraform: { backend: { local: { path } } }, resource: { terraform_data: { one: { input: "kept" } } } };
  await writeFile(join(state.terraform, "cdk.tf.json"), JSON.stringify(configuration));
  const terraform = new Terraform({ engine: await findEngine(env), workingDirectory: state.terraform, env });
  expect(await terraform.init()).toMatchObject({ ok: true });
  expect(await readStoredState(terraform, state, env)).toEqual(await terraform.pullState());
  expect(await terraform.apply()).toMatchObject({ ok: true });
  return terraform;
}

test.each([
  ["the default backend", "../../../.terrarium/lab/terraform.tfstate", {}],
  ["a workspace, whose file is elsewhere", "state.tfstate", { TF_WORKSPACE: "other" }],
])("the state of %s is what Terraform says it is", async (_, path, variables) => {
  const env = { ...process.env, ...variables };
  const terraform = await applied(path, env);
  const stored = await readStoredState(terraform, state, env);
  expect(stored).toEqual(await terraform.pullState());
  expect(stored?.resources).toHaveLength(1);
});
