import { posix } from "node:path";
import { DiagnosticError } from "../../../diagnostics/diagnostic-error.ts";
import type { DiskRecord } from "../../../hypervisor/provisioning.ts";
import { Size } from "../../../units/size.ts";
import { attribute, type State } from "../../framework/attribute.ts";
import { keepIfUnchanged, requiresReplace } from "../../framework/modifier.ts";
import type { PlanRequest, Resource } from "../../framework/resource.ts";
import { knownOwner, type Client } from "../client.ts";
import { detachDisk } from "../sandbox/detach-disk.ts";
import { knownParts } from "../known-parts.ts";
import { fillDefaults } from "../fill-defaults.ts";
import { step } from "../steps.ts";
import { aSize, sizeAsWritten } from "../unit-text.ts";
import { dottedName, sha256Digest } from "../validators.ts";

export const diskSchema = {
  name: attribute.string({
    required: true,
    description:
      "Name in the lab, unique among its disks: `web`, `web.data`. Another name is another disk, and what was on this one is lost.",
    validate: [dottedName],
    modifiers: [requiresReplace()],
  }),
  size: attribute.string({
    required: true,
    description:
      'What the guest sees, a number with B, KiB, MiB, GiB or TiB: `"20GiB"`; the host stores only what is written. A larger one grows in place, in a running guest where the hypervisor can. A smaller one is an error of the plan, as is one that cannot hold its image.',
    ...aSize,
  }),
  image: attribute.string({
    optional: true,
    description:
      "The `id` of the image that it starts from; the image is never written to. Default: none, the disk is empty at first. Another image is another disk, and what was on this one is lost.",
    validate: [sha256Digest],
    modifiers: [requiresReplace()],
  }),
  id: attribute.string({
    computed: true,
    description: "The hypervisor's id of the disk, for the `disks` of a sandbox.",
    modifiers: [keepIfUnchanged()],
  }),
  path: attribute.string({ computed: true, description: "Its path on the host.", modifiers: [keepIfUnchanged()] }),
};

type DiskSchema = typeof diskSchema;
type DiskState = State<DiskSchema>;

/** `terrarium_disk`: a disk of a sandbox. */
export const disk: Resource<DiskSchema, Client> = {
  type: "terrarium_disk",
  description:
    "A disk, empty or started from an image. Destroying it loses what is on it; a sandbox that still has it loses it first. Import by the hypervisor's id (for `kvm` its path).",
  schema: diskSchema,
  version: 1,
  upgrades: { 0: fillDefaults(diskSchema) },
  timeouts: { create: "10m", update: "10m", delete: "10m" },

  async modifyPlan(plan) {
    refuseShrinking(plan);
    await refuseSmallerThanImage(plan);
  },

  async create(planned, context) {
    const { name, size, image } = planned;
    const host = await context.provider.open();
    const owner = knownOwner(context.provider, name);
    const record = await step(host, context, () =>
      host.driver.createDisk({ owner, name, sizeBytes: Size.parse(size).bytes, ...(image === null ? {} : { image }) }),
    );
    return { ...diskState(record, { name, size }), ...knownParts(planned) };
  },

  async read(state, { provider }) {
    const { view } = await provider.open();
    const record = await view.disk(state.id);
    return record && diskState(record, state);
  },

  async update(planned, prior, context) {
    const { bytes } = Size.parse(planned.size);
    if (bytes === Size.parse(prior.size).bytes) return { ...prior, ...knownParts(planned) };
    const host = await context.provider.open();
    const record = await step(host, context, () => host.driver.growDisk(prior.id, bytes));
    return { ...diskState(record, prior), ...knownParts(planned) };
  },

  async delete({ id }, context) {
    const host = await context.provider.open();
    await detachDisk(host, context, id);
    await step(host, context, () => host.driver.removeDisk(id));
  },

  async import(id, { provider }) {
    const { driver } = await provider.open();
    const record = (await driver.listDisks([id])).get(id);
    if (record) return diskState(record, { name: posix.parse(record.path).name });
    throw new DiagnosticError({
      code: "NOTHING_FOUND",
      severity: "error",
      summary: `the host has no disk ${JSON.stringify(id)}`,
      nextStep: "Use the hypervisor's id of the disk: for kvm its absolute path on the host.",
    });
  },
};

type Plan = PlanRequest<DiskSchema, Client>;

function refuseShrinking(plan: Plan): void {
  const { planned, prior } = plan;
  if (!prior || plan.changes("name", "image") || typeof planned.size !== "string") return;
  if (!Size.parse(planned.size).isLessThan(Size.parse(prior.size))) return;
  plan.report({
    severity: "error",
    path: ["size"],
    summary: `disk ${JSON.stringify(prior.name)} has ${prior.size} and cannot shrink to ${planned.size}: that would cut its content off`,
    detail: `Set size to ${prior.size} or more. For a smaller disk, give it another name and copy what is needed.\n(DISK_SHRINKS)`,
  });
}

/** Only where the host is known and has the image already: an image of the same apply says so when it is there. */
async function refuseSmallerThanImage(plan: Plan): Promise<void> {
  const { size, image } = plan.planned;
  if (typeof size !== "string" || typeof image !== "string" || !plan.client.canOpen) return;
  if (plan.prior && !plan.changes("size", "image")) return;
  const { view } = await plan.client.open();
  const found = await view.image(image);
  if (!found || Size.parse(size).bytes >= found.sizeBytes) return;
  const least = Size.bytes(found.sizeBytes).toString();
  plan.report({
    severity: "error",
    path: ["size"],
    summary: `${size} cannot hold the image that the disk starts from, which has ${least}`,
    detail: `Set size to at least ${least}.\n(DISK_SMALLER_THAN_IMAGE)`,
  });
}

function diskState({ id, path, sizeBytes, image }: DiskRecord, { name, size }: Pick<DiskState, "name"> & Partial<DiskState>): DiskState {
  return { name, size: sizeAsWritten(sizeBytes, size), image: image ?? null, id, path };
}
