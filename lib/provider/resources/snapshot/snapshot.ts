import { DiagnosticError } from "../../../diagnostics/diagnostic-error.ts";
import type { SnapshotRecord } from "../../../hypervisor/provisioning.ts";
import { attribute, type State } from "../../framework/attribute.ts";
import { keepIfUnchanged, requiresReplace } from "../../framework/modifier.ts";
import type { Resource } from "../../framework/resource.ts";
import type { Client, OpenHost } from "../client.ts";
import { fillDefaults } from "../fill-defaults.ts";
import { step } from "../steps.ts";
import { label } from "../validators.ts";

const snapshotSchema = {
  sandbox: attribute.string({
    required: true,
    description: "The `id` of the sandbox. Another one is another snapshot.",
    modifiers: [requiresReplace()],
  }),
  name: attribute.string({
    required: true,
    description:
      "Name of the snapshot, a DNS label, unique in the sandbox. Another name is another snapshot, taken of the sandbox as it then is.",
    validate: [label],
    modifiers: [requiresReplace()],
  }),
  id: attribute.string({ computed: true, description: "The hypervisor's id of the snapshot.", modifiers: [keepIfUnchanged()] }),
  created_at: attribute.string({ computed: true, description: "When it was taken: ISO 8601, UTC.", modifiers: [keepIfUnchanged()] }),
  running: attribute.bool({
    computed: true,
    description: "Whether it holds the memory of a running guest, too; else it is the disks only.",
    modifiers: [keepIfUnchanged()],
  }),
};

type SnapshotSchema = typeof snapshotSchema;
type SnapshotState = State<SnapshotSchema>;

/** `terrarium_snapshot`: a sandbox's disks as they were, and its memory where the hypervisor can. */
export const snapshot: Resource<SnapshotSchema, Client> = {
  type: "terrarium_snapshot",
  description:
    "A sandbox as it is when this is created: its disks, and the memory of a running guest where the hypervisor can. Destroying it forgets the snapshot and leaves the sandbox as it is now. Import as `SANDBOX_ID/NAME`.",
  schema: snapshotSchema,
  version: 1,
  upgrades: { 0: fillDefaults(snapshotSchema, { running: false }) },
  timeouts: { create: "10m", delete: "10m" },

  async create({ sandbox, name }, context) {
    const host = await context.provider.open();
    const record = await step(host, context, () => host.driver.takeSnapshot(sandbox, name));
    return snapshotState(sandbox, record);
  },

  async read(state, { provider }) {
    const record = (await listSnapshots(await provider.open(), state.sandbox)).find(({ id }) => id === state.id);
    return record && snapshotState(state.sandbox, record);
  },

  async delete({ sandbox, id }, context) {
    const host = await context.provider.open();
    const there = (await listSnapshots(host, sandbox)).some((record) => record.id === id);
    if (there) await step(host, context, () => host.driver.removeSnapshot(sandbox, id));
  },

  async import(id, { provider }) {
    const [sandbox = "", name = ""] = id.split("/");
    const record = (await listSnapshots(await provider.open(), sandbox)).find((candidate) => candidate.name === name);
    if (record) return snapshotState(sandbox, record);
    throw new DiagnosticError({
      code: "NOTHING_FOUND",
      severity: "error",
      summary: `no sandbox of the host has a snapshot ${JSON.stringify(id)}`,
      nextStep: "Write the sandbox's id, a slash and the snapshot's name.",
    });
  },
};

/** None for a sandbox that is not there. */
async function listSnapshots({ driver, view }: OpenHost, sandbox: string): Promise<readonly SnapshotRecord[]> {
  const there = (await view.sandboxes()).some(({ id }) => id === sandbox);
  return there ? await driver.listSnapshots(sandbox) : [];
}

function snapshotState(sandbox: string, { id, name, createdAt, running }: SnapshotRecord): SnapshotState {
  return { sandbox, name, id, created_at: createdAt, running };
}
