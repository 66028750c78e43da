import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { withTemporaryFolder } from "../../../files/temporary-folder.ts";
import { DiagnosticError } from "../../../diagnostics/diagnostic-error.ts";
import type { SeedRecord } from "../../../hypervisor/provisioning.ts";
import type { Resource, WriteContext } from "../../framework/resource.ts";
import { isKnown } from "../../framework/value.ts";
import { knownOwner, type Client, type OpenHost } from "../client.ts";
import { knownParts } from "../known-parts.ts";
import { fillDefaults } from "../fill-defaults.ts";
import { step } from "../steps.ts";
import { checkSeed, instanceIdIn } from "./rules.ts";
import { seedSchema, type DecidedSeed, type SeedSchema, type SeedState } from "./schema.ts";
import { defaultInstanceId, seedImage } from "./seed-image.ts";
import { fileName, readSeedName, seedName } from "./seed-name.ts";

/** `terrarium_seed`: what cloud-init in a sandbox reads. */
export const seed: Resource<SeedSchema, Client> = {
  type: "terrarium_seed",
  description:
    "What cloud-init in a sandbox reads: a seed image on the host, from a file or made here from write-only texts. It is never changed, only exchanged: with `lifecycle { create_before_destroy = true }` the sandbox has the next one before the former goes. Import by the hypervisor's id (for `kvm` its path).",
  schema: seedSchema,
  version: 1,
  upgrades: { 0: fillDefaults(seedSchema) },
  timeouts: { create: "5m", delete: "5m" },

  validate: checkSeed,

  modifyPlan(plan) {
    const { planned, prior, config, client } = plan;
    const { name, file, revision } = planned;
    const known = isKnown(name) && isKnown(file) && isKnown(revision);
    if (prior && (!known || seedName({ name, file, revision }) !== seedName(prior))) {
      for (const attribute of ["file", "revision"] as const) if (plan.changes(attribute)) plan.requireReplace(attribute);
    }
    if (prior) return;
    if (typeof file === "string") planned.instance_id = null;
    else if (
      file === null &&
      config.meta_data === null &&
      typeof name === "string" &&
      typeof revision === "string" &&
      client.lab !== undefined
    )
      planned.instance_id = defaultInstanceId(client.lab, name, revision);
    else if (file === null && typeof config.meta_data === "string") planned.instance_id = instanceIdIn(config.meta_data) ?? null;
  },

  async create(planned, context) {
    const host = await context.provider.open();
    const made = planned.file === null ? await fromTexts(planned, host, context) : await fromFile(planned, planned.file, host, context);
    return { ...made, ...knownParts(planned) };
  },

  async read(state, { provider }) {
    const { view } = await provider.open();
    const record = await view.seed(state.id);
    return record && { ...state, path: record.path };
  },

  async delete({ id }, context) {
    const host = await context.provider.open();
    await step(host, context, () => host.driver.removeSeed(id));
  },

  async import(id, { provider }) {
    const { driver } = await provider.open();
    const record = (await driver.listSeeds([id])).get(id);
    const identity = record && readSeedName(fileName(record.path));
    if (record && identity) {
      const { lab = "" } = provider;
      const instanceId = identity.revision === null ? null : defaultInstanceId(lab, identity.name, identity.revision);
      return seedState(record, identity, instanceId);
    }
    throw new DiagnosticError({
      code: "NOTHING_FOUND",
      severity: "error",
      summary: record ? `${JSON.stringify(id)} is no seed that terrarium_seed made` : `the host has no seed ${JSON.stringify(id)}`,
      nextStep: "Use the hypervisor's id of the seed: for kvm its absolute path on the host.",
    });
  },
};

type Writing = WriteContext<SeedSchema, Client>;

async function fromFile(planned: DecidedSeed, file: string, host: OpenHost, context: Writing): Promise<SeedState> {
  const path = context.provider.fileAt(file);
  await stat(path).catch((error: unknown) => {
    throw new DiagnosticError(
      {
        code: "FILE_UNREADABLE",
        severity: "error",
        path: ["file"],
        summary: `there is no seed image ${path}`,
        nextStep: "Make it (terrarium prepare), or correct the path. Relative paths start from Terraform's working directory.",
      },
      { cause: error },
    );
  });
  const record = await createSeed(planned, path, host, context);
  return seedState(record, planned, null);
}

async function fromTexts(planned: DecidedSeed, host: OpenHost, context: Writing): Promise<SeedState> {
  const { lab } = knownOwner(context.provider, planned.name);
  const { image, instanceId } = seedImage(context.config, { lab, name: planned.name, revision: planned.revision ?? "" });
  // The image holds secrets, and lives for one call.
  return await withTemporaryFolder("seed", async (directory) => {
    const file = join(directory, "seed.iso");
    await writeFile(file, image, { mode: 0o600 });
    return seedState(await createSeed(planned, file, host, context), planned, instanceId);
  });
}

async function createSeed(planned: DecidedSeed, file: string, host: OpenHost, context: Writing): Promise<SeedRecord> {
  const owner = knownOwner(context.provider, planned.name);
  return await step(host, context, () => host.driver.createSeed({ owner, name: seedName(planned), file }));
}

function seedState(
  { id, path }: SeedRecord,
  { name, file, revision }: Pick<SeedState, "name" | "file" | "revision">,
  instanceId: string | null,
): SeedState {
  const nothing = { user_data: null, vendor_data: null, meta_data: null, network_config: null };
  return { name, file, revision, ...nothing, id, path, instance_id: instanceId };
}
