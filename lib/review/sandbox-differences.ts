import type { Lab, LabSandbox } from "../lab/lab.ts";
import { guestSettingKeys } from "../lab/guest-settings.ts";
import { domainOf } from "../lab/seed-identity.ts";
import { change, keyChanges, same, size, type Concern, type Difference } from "./difference.ts";
import { nicDifferences } from "./nic-differences.ts";

/** A sandbox and the lab that it is in. */
export interface Placed {
  readonly lab: Lab;
  readonly sandbox: LabSandbox;
}

/** What is different about a sandbox, in the lab's words, worst first. What does not reach the host (probes, timeouts, `protect`) is left out. */
export function sandboxDifferences(before: Placed, after: Placed): Difference[] {
  const [old, current] = [before.sandbox, after.sandbox];
  const told: Difference[] = [];
  const tell = (text: string, concerns: readonly Concern[], ...key: (string | number)[]): void =>
    void told.push({ text, path: ["sandboxes", current.writtenAs, ...key], concerns });
  const all: readonly Concern[] = ["domain", "seed", "disk root"];

  if (before.lab.hypervisor !== after.lab.hypervisor) tell(`hypervisor ${change(before.lab.hypervisor, after.lab.hypervisor)}`, all);
  if (before.lab.provider !== after.lab.provider) tell(`provider ${change(before.lab.provider, after.lab.provider)}`, all);
  if (old.host !== current.host) tell(`host ${change(old.host, current.host)}`, all, "host");
  told.push(...imageDifferences(before, after));
  if (old.disk !== current.disk) tell(`root disk ${change(size(old.disk), size(current.disk))}`, ["disk root"], "disk");
  told.push(...diskDifferences(old, current));
  if (old.cpus !== current.cpus) tell(`CPUs ${change(old.cpus, current.cpus)}`, ["domain"], "cpus");
  if (old.memory !== current.memory) tell(`memory ${change(size(old.memory), size(current.memory))}`, ["domain"], "memory");
  const limit = (value: number | undefined, text: (value: number) => string = String) => (value === undefined ? "none" : text(value));
  if (old.maxCpus !== current.maxCpus) tell(`limit of CPUs ${change(limit(old.maxCpus), limit(current.maxCpus))}`, ["domain"], "maxCpus");
  if (old.maxMemory !== current.maxMemory)
    tell(`limit of memory ${change(limit(old.maxMemory, size), limit(current.maxMemory, size))}`, ["domain"], "maxMemory");
  told.push(...nicDifferences(old, current));
  const forwards = ({ forwards: all = [] }: LabSandbox): Record<string, string> =>
    Object.fromEntries(all.map(({ name, address, hostPort }) => [name, `${address}:${hostPort}`]));
  for (const { key, what } of keyChanges(forwards(old), forwards(current))) tell(`forward ${key} ${what}`, ["domain"], "forward");
  if (old.seed !== current.seed) tell(`seed ${change(old.seed, current.seed)}`, ["domain", "seed"], "seed");
  told.push(...cloudInitDifferences(old, current));
  const [oldDomain, domain] = [domainOf(before.lab, old), domainOf(after.lab, current)];
  if (oldDomain !== domain) tell(`domain ${change(oldDomain ?? "none", domain ?? "none")}`, ["seed"], "networks");
  for (const { key, what } of keyChanges(old.labels, current.labels)) tell(`label ${key} ${what}`, ["domain"], "labels", key);
  if (old.autostart !== current.autostart) tell(`autostart ${change(old.autostart, current.autostart)}`, ["domain"], "autostart");
  // Our own provider keeps these, too: a change of them is an update that does nothing to the guest.
  if (after.lab.provider === "terrarium" && old.protect !== current.protect)
    tell(`protect ${change(old.protect, current.protect)}`, ["domain"], "protect");
  if (after.lab.provider === "terrarium" && old.timeouts.shutdown !== current.timeouts.shutdown)
    tell("shutdown timeout", ["domain"], "timeouts", "shutdown");
  for (const { key, what } of keyChanges(old.overrides, current.overrides)) tell(`override ${key} ${what}`, ["domain"], "overrides", key);
  return told;
}

function imageDifferences(before: Placed, after: Placed): Difference[] {
  const [old, current] = [before.sandbox.image, after.sandbox.image];
  if (before.lab.images[old]?.digest === after.lab.images[current]?.digest) return [];
  const concerns: readonly Concern[] = ["disk root"];
  return old === current
    ? [{ text: `image ${current} changed`, path: ["images", current], concerns }]
    : [{ text: `image ${change(old, current)}`, path: ["sandboxes", after.sandbox.writtenAs, "image"], concerns }];
}

function diskDifferences(before: LabSandbox, after: LabSandbox): Difference[] {
  const told: Difference[] = [];
  const tell = (disk: string, text: string, ...key: number[]): void =>
    void told.push({
      text: `disk ${disk} ${text}`,
      path: ["sandboxes", after.writtenAs, "disks", ...key],
      concerns: [`disk ${disk}`, "domain"],
    });
  for (const { name } of before.disks) if (!after.disks.some((disk) => disk.name === name)) tell(name, "removed");
  for (const [index, { name, size: bytes }] of after.disks.entries()) {
    const was = before.disks.find((disk) => disk.name === name);
    if (was === undefined) tell(name, "added", index);
    else if (was.size !== bytes) tell(name, change(size(was.size), size(bytes)), index);
  }
  return told;
}

/** Says which keys are different, never their text: it may be long, and names secrets. */
function cloudInitDifferences(before: LabSandbox, after: LabSandbox): Difference[] {
  const keys = (["packages", "runCmd", "writeFiles", "userData", "vendorData", "metaData"] as const).filter(
    (key) => !same(before.cloudInit[key], after.cloudInit[key]),
  );
  const settings = guestSettingKeys.filter((key) => !same(before.cloudInit.settings?.[key], after.cloudInit.settings?.[key]));
  const login = (["user", "sshKeys"] as const).filter((key) => !same(before[key], after[key]));
  const path = ["sandboxes", after.writtenAs];
  const told: Difference[] = [];
  const changed = [...keys, ...settings, ...login];
  const first = keys[0] ?? settings[0];
  const at = first === undefined ? login.slice(0, 1) : ["cloudInit", first];
  if (changed.length > 0) told.push({ text: `cloud-init changed: ${changed.join(", ")}`, path: [...path, ...at], concerns: ["seed"] });
  for (const key of ["hostname", "fqdn"] as const) {
    const [old, current] = [before.cloudInit[key], after.cloudInit[key]];
    const text = `${key} ${change(old ?? "default", current ?? "default")}`;
    if (old !== current) told.push({ text, path: [...path, "cloudInit", key], concerns: ["seed"] });
  }
  if (!same(before.cloudInit.networkConfig, after.cloudInit.networkConfig)) {
    told.push({ text: "networkConfig changed", path: [...path, "cloudInit", "networkConfig"], concerns: ["seed"] });
  }
  return told;
}
