import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import type { SandboxRecord } from "../hypervisor.ts";
import type { SandboxSpec } from "../provisioning.ts";
import { bringAttachments, hasAttachments } from "./attachments.ts";
import { bringAutostart } from "./autostart.ts";
import { readDiskMark } from "./disk-mark.ts";
import { bringForwards } from "./forwards.ts";
import { readView, type View, type VirtualBox } from "./host.ts";
import { consolePath, groupOf, isInside, machineDirectory, poolDirectory } from "./layout.ts";
import { readSandbox, requireMachine, runningStates, sandboxMachines } from "./list-sandboxes.ts";
import { withLockFile } from "./lock-file.ts";
import type { Machine } from "./machine-file.ts";
import { closeMedia } from "./media.ts";
import { checkSandbox, hasHardware, machineArguments, wantedAdapters } from "./machine-settings.ts";
import { forwardPath } from "./management-nic.ts";
import { networkPlugs } from "./networks.ts";
import { notFound, ownerKey, readOwner, stranger, unsupported, writeOwner } from "./owner.ts";
import { unlessOvertaken } from "./overtaken.ts";
import { createMachine } from "./create-machine.ts";
import { assignPorts } from "./ports.ts";
import { shutdownSandbox, startSandbox } from "./power.ts";
import { rootMedium } from "./sandbox-record.ts";

/** Makes a sandbox, or brings the deployment's own of that name to the specification. */
export async function createSandbox(box: VirtualBox, spec: SandboxSpec): Promise<SandboxRecord> {
  checkSandbox(spec);
  const make = async (): Promise<SandboxRecord> => {
    const view = await readView(box);
    await checkParts(view, spec);
    // VirtualBox itself would let two machines have one name.
    const found = sandboxMachines(view, box).filter(({ name }) => name === spec.name);
    const theirs = found.find((machine) => !isOurs(machine, box, spec));
    if (theirs) throw stranger("sandbox", spec.name, readOwner(theirs.extraData.get(ownerKey)));
    const [ours] = found;
    if (!ours && spec.accelerator === "emulation")
      throw unsupported(
        `sandbox "${spec.name}" is to run under emulation, which VirtualBox does not have`,
        "Use `hypervisor: kvm` here, or a machine with hardware virtualization.",
      );
    return await bring(box, ours?.id ?? (await makeMachine(box, view, spec)), spec);
  };
  return await withSandbox(box, spec.name, () => unlessOvertaken(make));
}

export async function updateSandbox(
  box: VirtualBox,
  id: string,
  spec: SandboxSpec,
  { shutdownTimeout = 60_000 }: { readonly shutdownTimeout?: number } = {},
): Promise<SandboxRecord> {
  checkSandbox(spec);
  const { machine } = await requireMachine(box, id);
  if (machine.name !== spec.name)
    throw unsupported(`sandbox "${machine.name}" cannot become "${spec.name}"`, "Remove the sandbox, then create it.");
  return await withSandbox(box, spec.name, async () => {
    await checkParts(await readView(box), spec);
    return await unlessOvertaken(() => bring(box, id, spec, shutdownTimeout));
  });
}

async function bring(box: VirtualBox, id: string, spec: SandboxSpec, shutdownTimeout = 60_000): Promise<SandboxRecord> {
  const { vbox } = box;
  const { machine, view } = await requireMachine(box, id);
  const boot = machine.attachments.find(({ kind, port }) => kind === "disk" && port === 0)?.medium;
  const bootFile = boot === undefined ? undefined : rootMedium(view.allMedia, boot);
  if (bootFile !== undefined && bootFile !== spec.disks[0])
    throw unsupported(
      `sandbox "${spec.name}" boots from ${bootFile}; another boot disk makes another sandbox`,
      "Remove the sandbox, then create it.",
    );
  const owner = writeOwner(spec.owner);
  if (machine.extraData.get(ownerKey) !== owner) await vbox.run(["setextradata", id, ownerKey, owner], { machine: id });

  const plugs = networkPlugs(view);
  const path = forwardPath(spec, new Set([...plugs].filter(([, { mode }]) => mode === "nat").map(([name]) => name)));
  const forwards = await assignPorts(box, id, spec);
  const slots = wantedAdapters(spec, plugs, path, machine);
  const hardware = !hasHardware(machine, spec, slots);
  const attachments = !hasAttachments(machine, view, spec);
  const runs = (await runningStates(box)).has(id);
  if (runs && (hardware || attachments)) await shutdownSandbox(box, id, shutdownTimeout);
  if (hardware) {
    await mkdir(dirname(consolePath(box.layout, id)), { recursive: true, mode: 0o700 });
    await vbox.run(["modifyvm", id, ...machineArguments(spec, slots, id, box.layout)], { machine: id });
  }
  if (attachments) await bringAttachments(box, machine, view, spec);
  const now = await requireMachine(box, id);
  const stillRuns = runs && !hardware && !attachments;
  await bringForwards(box, now.view, now.machine, path, forwards, stillRuns);
  await bringAutostart(box, now.machine, spec.autostart, stillRuns);
  if (runs && !stillRuns) await startSandbox(box, id);
  const record = await readSandbox(box, id);
  if (!record) throw notFound("sandbox", id);
  return record;
}

/** The machine without hardware: from here on it is found again, and is ours by its folder until it is signed. */
async function makeMachine(box: VirtualBox, view: View, spec: SandboxSpec): Promise<string> {
  const { vbox, layout } = box;
  await clearFolder(box, view, spec);
  const folder = join(poolDirectory(layout, spec.owner), "sandboxes");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const id = await createMachine(vbox, { name: spec.name, group: groupOf(spec.owner), folder });
  await vbox.run(["setextradata", id, ownerKey, writeOwner(spec.owner)], { machine: id });
  return id;
}

/** What a killed run has left in the sandbox's folder: settings that are not registered, or registered and gone, and loose differences. */
async function clearFolder(box: VirtualBox, { inaccessible }: View, { owner, name }: SandboxSpec): Promise<void> {
  const folder = machineDirectory(box.layout, owner, name);
  for (const { id } of inaccessible.filter(({ file }) => isInside(file, folder)))
    // It exits with 1, and has done it.
    await box.vbox.tryRun(["unregistervm", id], ["OBJECT_NOT_FOUND", "HYPERVISOR_FAILED", "DISK_MISSING"], { machine: id });
  await removeFolder(box, folder);
}

/** Removes a sandbox's folder with its snapshots' differences, and nothing that lies elsewhere. */
export async function removeFolder(box: VirtualBox, folder: string): Promise<void> {
  await closeMedia(box, await readView(box), folder);
  await rm(folder, { recursive: true, force: true });
}

function isOurs({ file, extraData }: Machine, { layout }: VirtualBox, { owner }: SandboxSpec): boolean {
  const signed = readOwner(extraData.get(ownerKey));
  return signed ? signed.deployment === owner.deployment : isInside(file, poolDirectory(layout, owner));
}

/** VirtualBox takes a network that is not there, with a warning at most. */
async function checkParts(view: View, { name, nics, disks }: SandboxSpec): Promise<void> {
  const known = networkPlugs(view);
  const network = nics.find((nic) => !known.has(nic.network))?.network;
  if (network !== undefined) throw notFound("network", network);
  for (const disk of disks) {
    if (await readDiskMark(disk)) continue;
    throw new DiagnosticError({
      code: "DISK_MISSING",
      severity: "error",
      summary: `disk ${disk} of sandbox "${name}" is not there`,
      nextStep: "Run `terrarium apply`, which makes what is missing.",
    });
  }
}

export function withSandbox<T>({ layout }: VirtualBox, name: string, work: () => Promise<T>): Promise<T> {
  return withLockFile(join(layout.locks, `sandbox-${name.replace(/[^\w.-]/g, "_")}`), work);
}
