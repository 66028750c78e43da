import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { canonicalJson } from "../lab/canonical-json.ts";
import { terraformJsonFor, type OpenedLab } from "./open-lab.ts";

/**
 * Writes a folder that `terrarium prepare` completes and plain Terraform applies: the Terraform JSON, and the normalized lab beside it. The state is in the
 * folder itself, unless the lab names a backend.
 *
 * @param directory absolute; made if it is not there
 * @returns names of the files
 */
export async function writeSynthFolder({ lab }: Pick<OpenedLab, "lab">, directory: string): Promise<string[]> {
  const json = JSON.parse(await terraformJsonFor({ lab })) as { terraform?: object };
  if (!lab.backend) json.terraform = { ...json.terraform, backend: { local: { path: "terraform.tfstate" } } };
  const files = { "cdk.tf.json": json, "terrarium.lab.json": lab };
  await mkdir(directory, { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFileAtomic(join(directory, name), `${canonicalJson(content, 2)}\n`);
  return Object.keys(files);
}
