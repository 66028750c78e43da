import { DiagnosticError } from "../../../diagnostics/diagnostic-error.ts";
import type { ImageRecord } from "../../../hypervisor/provisioning.ts";
import type { State } from "../../framework/attribute.ts";
import { attribute } from "../../framework/attribute.ts";
import { keepIfUnchanged } from "../../framework/modifier.ts";
import type { PlanRequest, Resource } from "../../framework/resource.ts";
import { isKnown } from "../../framework/value.ts";
import type { Client, OpenHost } from "../client.ts";
import { fillDefaults } from "../fill-defaults.ts";
import { step } from "../steps.ts";
import { sizeAsWritten } from "../unit-text.ts";
import { filePath, sha256Digest } from "../validators.ts";

export const imageSchema = {
  source: attribute.string({
    optional: true,
    description:
      "Path of a disk image on this machine: qcow2, raw, VMDK or VDI, also packed with gzip or xz. Relative paths start from Terraform's working directory. Another path with the same content changes nothing; other content makes another image. Default: none, then `sha256` names one that the host has. A file that is not there is an error of the apply.",
    validate: [filePath],
  }),
  sha256: attribute.string({
    optional: true,
    computed: true,
    description:
      "SHA-256 of the file, 64 lower-case hexadecimal digits. With `source` it is checked (a difference is an error of the plan); without, an image of this digest must be on the host. Default: taken from `source`. A change makes another image.",
    validate: [sha256Digest],
    modifiers: [keepIfUnchanged("source")],
  }),
  id: attribute.string({
    computed: true,
    description: "The digest, for the `image` of a disk.",
    modifiers: [keepIfUnchanged("source", "sha256")],
  }),
  path: attribute.string({
    computed: true,
    description: "Path of the read-only copy on the host.",
    modifiers: [keepIfUnchanged("sha256")],
  }),
  size: attribute.string({
    computed: true,
    description: 'What a guest sees, with its unit (`"2GiB"`): disks that start from it are at least as large.',
    modifiers: [keepIfUnchanged("sha256")],
  }),
};

type ImageSchema = typeof imageSchema;
type ImageState = State<ImageSchema>;

/** `terrarium_image`: a disk image on the host, shared by all labs. */
export const image: Resource<ImageSchema, Client> = {
  type: "terrarium_image",
  description:
    "A disk image that disks start from: one verified, read-only copy on the host, shared by all labs. Destroying it leaves the copy, which others may use: `terrarium images prune` removes what nobody does. Import by digest.",
  schema: imageSchema,
  version: 1,
  upgrades: { 0: fillDefaults(imageSchema) },
  timeouts: { create: "30m", update: "30m" },

  validate: ({ source, sha256 }) =>
    source === null && sha256 === null
      ? [
          {
            severity: "error",
            summary: "expected `source`, `sha256`, or both",
            detail: "Set source to an image file, or sha256 to the digest of an image that the host has.",
            path: [],
          },
        ]
      : [],

  modifyPlan: planDigest,

  async create({ source, sha256 }, context) {
    const host = await context.provider.open();
    const digest = isKnown(sha256) ? sha256 : undefined;
    const present = digest === undefined ? undefined : await host.driver.findImage(digest);
    const record = present ?? (await place(host, source, digest, context));
    return imageState(record, source);
  },

  async read(state, { provider }) {
    const { view } = await provider.open();
    const record = await view.image(state.id);
    return record && { ...imageState(record, state.source), size: sizeAsWritten(record.sizeBytes, state.size) };
  },

  /** Another path, or the digest written out: the content is the same. */
  async update(planned, prior) {
    return { ...prior, source: planned.source };
  },

  async delete() {
    // Other labs may use the copy; `terrarium images prune` knows.
  },

  async import(id, { provider }) {
    const { driver } = await provider.open();
    const record = sha256Digest(id) === undefined ? await driver.findImage(id) : undefined;
    if (record) return imageState(record, null);
    throw new DiagnosticError({
      code: "NOTHING_FOUND",
      severity: "error",
      summary: `the host has no image ${JSON.stringify(id)}`,
      nextStep: "Use the image's SHA-256; `terrarium images list` shows those of a host.",
    });
  },
};

/** The file is read when a plan is made: only then can it say whether the image is another one. Its digest is remembered until the file changes. */
async function planDigest(plan: PlanRequest<ImageSchema, Client>): Promise<void> {
  const { config, planned, prior, client } = plan;
  const source = typeof config.source === "string" ? config.source : undefined;
  const found = source === undefined ? undefined : await client.digestOf(source);
  if (typeof config.sha256 === "string") {
    planned.sha256 = config.sha256;
    if (found !== undefined && found !== config.sha256) {
      plan.report({
        severity: "error",
        path: ["source"],
        summary: `${source} has SHA-256 ${found}, expected ${config.sha256}`,
        detail: "If the new content is wanted, put its checksum into sha256, or leave that out.",
      });
    }
  } else if (config.sha256 === null && found !== undefined) {
    planned.sha256 = found;
  }
  // A file that is not there any more says nothing about the image that was made of it.
  if (prior && config.sha256 === null && found === undefined && config.source === prior.source) planned.sha256 = prior.sha256;
  planned.id = planned.sha256;
  if (prior && planned.sha256 !== prior.sha256) plan.requireReplace("sha256");
}

async function place(
  host: OpenHost,
  source: string | null,
  digest: string | undefined,
  context: Parameters<Resource<ImageSchema, Client>["create"]>[1],
): Promise<ImageRecord> {
  if (source === null) {
    throw new DiagnosticError({
      code: "IMAGE_NOT_FOUND",
      severity: "error",
      path: ["sha256"],
      summary: `the host has no image ${digest}`,
      nextStep: "Set source to the image's file, or let `terrarium prepare` put it in place.",
    });
  }
  if ((await context.provider.digestOf(source)) === undefined) {
    throw new DiagnosticError({
      code: "IMAGE_NOT_FOUND",
      severity: "error",
      path: ["source"],
      summary: `there is no image file ${context.provider.fileAt(source)}`,
      nextStep: "Correct the path. Relative paths start from Terraform's working directory.",
    });
  }
  const prepared = await host.prepareImage(context.provider.fileAt(source), context.signal);
  if (digest !== undefined && prepared.digest !== digest) {
    throw new DiagnosticError({
      code: "IMAGE_CHECKSUM_MISMATCH",
      severity: "error",
      path: ["source"],
      summary: `${source} has SHA-256 ${prepared.digest}, expected ${digest}`,
      nextStep: "Something wrote to the file after the plan was made: plan again.",
    });
  }
  return await step(host, context, () => host.driver.placeImage(prepared.file, prepared.digest));
}

function imageState({ digest, path, sizeBytes }: ImageRecord, source: string | null): ImageState {
  return { source, sha256: digest, id: digest, path, size: sizeAsWritten(sizeBytes, undefined) };
}
