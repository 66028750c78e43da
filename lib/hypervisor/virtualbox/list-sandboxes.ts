import type { OwnerFilter, SandboxRecord } from "../hypervisor.ts";
import { readView, type View, type VirtualBox } from "./host.ts";
import { isInside } from "./layout.ts";
import { parseRunningStates } from "./lists.ts";
import type { Machine } from "./machine-file.ts";
import { imageKey, matchesOwner, notFound } from "./owner.ts";
import { sandboxRecord } from "./sandbox-record.ts";

/** All machines but those that hold base images: the settings files say what they are, one process says which run. */
export async function listSandboxes(box: VirtualBox, filter: OwnerFilter = {}): Promise<SandboxRecord[]> {
  const view = await readView(box);
  const machines = sandboxMachines(view, box);
  const states = machines.length === 0 ? new Map<string, string>() : await runningStates(box);
  return machines
    .map((machine) => sandboxRecord(machine, view, states.get(machine.id)))
    .filter(({ owner }) => matchesOwner(owner, filter))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

export async function readSandbox(box: VirtualBox, id: string): Promise<SandboxRecord | undefined> {
  return (await listSandboxes(box)).find((sandbox) => sandbox.id === id);
}

export function sandboxMachines({ all }: View, { layout }: VirtualBox): Machine[] {
  return all.filter(({ extraData, file }) => !extraData.has(imageKey) && !isInside(file, layout.images));
}

/** @throws DiagnosticError OBJECT_NOT_FOUND */
export async function requireMachine(box: VirtualBox, id: string): Promise<{ readonly machine: Machine; readonly view: View }> {
  const view = await readView(box);
  const machine = view.all.find((one) => one.id === id);
  if (!machine) throw notFound("sandbox", id);
  return { machine, view };
}

export async function runningStates({ vbox }: VirtualBox): Promise<Map<string, string>> {
  return parseRunningStates(await vbox.run(["list", "--long", "runningvms"]));
}
