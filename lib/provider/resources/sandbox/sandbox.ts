import { DiagnosticError } from "../../../diagnostics/diagnostic-error.ts";
import type { SandboxRecord } from "../../../hypervisor/hypervisor.ts";
import { Duration } from "../../../units/duration.ts";
import type { Resource } from "../../framework/resource.ts";
import { isKnown } from "../../framework/value.ts";
import { knownOwner, type Client } from "../client.ts";
import { findForImport } from "../find-for-import.ts";
import { fillDefaults } from "../fill-defaults.ts";
import { step } from "../steps.ts";
import { planSandbox } from "./plan-sandbox.ts";
import { checkSandbox } from "./rules.ts";
import { sandboxSpec } from "./sandbox-spec.ts";
import { sandboxState } from "./sandbox-state.ts";
import { sandboxSchema, type DecidedSandbox, type SandboxSchema, type SandboxState } from "./schema.ts";
import { readSurroundings } from "./surroundings.ts";

/** `terrarium_sandbox`: a virtual machine. */
export const sandbox: Resource<SandboxSchema, Client> = {
  type: "terrarium_sandbox",
  description:
    "A sandbox: a virtual machine with disks, network cards and a seed. It changes in place, running where the hypervisor can; `change` says in the plan what it takes. Destroying it cuts its power, after a shutdown if it has several disks, since those may stay. Import by the hypervisor's id or `LAB/NAME`.",
  schema: sandboxSchema,
  version: 2,
  upgrades: { 0: fillDefaults(sandboxSchema, { change: "created" }), 1: fillDefaults(sandboxSchema, {}) },
  timeouts: { create: "15m", update: "20m", delete: "10m" },

  validate: checkSandbox,
  modifyPlan: planSandbox,

  planDestroy: ({ protect, name }) =>
    protect
      ? [
          {
            severity: "error",
            path: ["protect"],
            summary: `sandbox ${JSON.stringify(name)} is protected: it would be destroyed`,
            detail: `${howToUnprotect}\n(PROTECTED)`,
          },
        ]
      : [],

  async create(planned, context) {
    const host = await context.provider.open();
    const owner = knownOwner(context.provider, planned.name, planned.labels);
    const accelerator = await host.accelerator();
    const record = await step(host, context, () =>
      host.driver.createSandbox({ ...sandboxSpec(planned, owner), ...(accelerator === undefined ? {} : { accelerator }) }),
    );
    const made = stateAfter(planned, record, "created");
    // Until it is whole, it can be destroyed whatever `protect` says: Terraform makes a half-made one anew.
    context.saveState({ ...made, running: false, protect: false });
    // One that was taken over may run already, or run where it should not.
    if (planned.running) await step(host, context, () => host.driver.start(record.id));
    else if (record.state !== "off") await step(host, context, () => host.driver.shutdown(record.id, patience(planned)));
    return made;
  },

  async read(state, { provider }) {
    const host = await provider.open();
    const record = (await host.view.sandboxes()).find(({ id }) => id === state.id);
    if (!record) return undefined;
    const known = [...state.disks, ...(state.seed === null ? [] : [state.seed])];
    return sandboxState(record, await readSurroundings(host, record, known), state);
  },

  async update(planned, prior, context) {
    const host = await context.provider.open();
    const owner = knownOwner(context.provider, planned.name, planned.labels);
    const spec = sandboxSpec(planned, owner);
    // First of all, so that what needs a reboot needs none.
    if (prior.running && !planned.running) await step(host, context, () => host.driver.shutdown(prior.id, patience(planned)));
    const unchanged = host.driver.sandboxChange(sandboxSpec(prior, owner), spec) === "none";
    const record = unchanged
      ? undefined
      : await step(host, context, () => host.driver.updateSandbox(prior.id, spec, { shutdownTimeout: patience(planned).timeout }));
    if (planned.running && (!prior.running || record?.state === "off")) await step(host, context, () => host.driver.start(prior.id));
    return stateAfter(
      planned,
      record ?? { id: prior.id, name: prior.host_name, consoleLog: prior.console_log ?? undefined, nics: [] },
      "live",
    );
  },

  async delete({ id, name, protect, disks, shutdown_timeout: timeout }, context) {
    if (protect) {
      throw new DiagnosticError({
        code: "PROTECTED",
        severity: "error",
        summary: `sandbox ${JSON.stringify(name)} is protected, and was not destroyed`,
        nextStep: howToUnprotect,
      });
    }
    const host = await context.provider.open();
    const { milliseconds } = Duration.parse(timeout);
    // Looked up only where it matters: each destruction before this one made the host's listing out of date.
    const writes = disks.length > 1 && (await host.view.sandboxes()).some((record) => record.id === id);
    if (writes) await step(host, context, () => host.driver.shutdown(id, { timeout: milliseconds }));
    await step(host, context, () => host.driver.remove(id));
  },

  async import(id, { provider }) {
    const host = await provider.open();
    const record = findForImport(provider, "sandbox", id, await host.driver.listSandboxes());
    return sandboxState(record, await readSurroundings(host, record, []), {});
  },
};

const howToUnprotect = "If it is to go, set protect = false, apply, and repeat.";

function patience({ shutdown_timeout: timeout }: DecidedSandbox): { readonly timeout: number } {
  return { timeout: Duration.parse(timeout).milliseconds };
}

/** As planned, with what only the host could tell. */
function stateAfter(
  planned: DecidedSandbox,
  record: Pick<SandboxRecord, "id" | "name" | "consoleLog" | "nics" | "forwards">,
  change: string,
): SandboxState {
  const ports = new Map((record.forwards ?? []).map(({ name, hostPort }) => [name, hostPort]));
  return {
    ...planned,
    nics: planned.nics.map((nic, index) => ({
      ...nic,
      mac: isKnown(nic.mac) ? nic.mac : (record.nics[index]?.mac ?? ""),
      address: isKnown(nic.address) ? nic.address : null,
    })),
    forwards: Object.fromEntries(
      Object.entries(planned.forwards).map(([name, forward]) => [
        name,
        { ...forward, host_port: isKnown(forward.host_port) ? forward.host_port : (ports.get(name) ?? 0) },
      ]),
    ),
    id: record.id,
    host_name: isKnown(planned.host_name) ? planned.host_name : record.name,
    console_log: isKnown(planned.console_log) ? planned.console_log : (record.consoleLog ?? null),
    change: isKnown(planned.change) ? planned.change : change,
  };
}
