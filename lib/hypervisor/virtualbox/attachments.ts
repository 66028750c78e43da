import type { SandboxSpec } from "../provisioning.ts";
import type { View, VirtualBox } from "./host.ts";
import type { Attachment, Machine } from "./machine-file.ts";
import { controller } from "./machine-settings.ts";
import { rootMedium } from "./sandbox-record.ts";

/** What a machine has in its drives, by our ids, that is, by path: of a disk with snapshots, the disk. */
function filesOf({ attachments }: Machine, { allMedia }: View): { readonly attachment: Attachment; readonly file: string | undefined }[] {
  return attachments.map((attachment) => ({
    attachment,
    file: attachment.medium === undefined ? undefined : rootMedium(allMedia, attachment.medium),
  }));
}

/** True if a machine has the disks and the seed that are asked for, the boot disk first. Pure. */
export function hasAttachments(machine: Machine, view: View, { disks, seed }: SandboxSpec): boolean {
  const have = filesOf(machine, view);
  const files = (kind: Attachment["kind"]): string[] =>
    have.filter(({ attachment, file }) => attachment.kind === kind && file !== undefined).map(({ file }) => file ?? "");
  if (!machine.controllers.includes(controller.name)) return false;
  const boot = have.find(({ attachment }) => attachment.kind === "disk" && attachment.port === 0)?.file;
  return (
    boot === disks[0] && files("disk").toSorted().join("\n") === disks.toSorted().join("\n") && files("cdrom").join("\n") === (seed ?? "")
  );
}

/** Takes off what is not wanted and puts in what is; what is there stays at its port. The machine is off. */
export async function bringAttachments(box: VirtualBox, machine: Machine, view: View, { disks, seed }: SandboxSpec): Promise<void> {
  const have = filesOf(machine, view);
  const attach = async (port: number, kind: "hdd" | "dvddrive", medium: string): Promise<void> => {
    const place = ["--storagectl", controller.name, "--port", String(port), "--device", "0"];
    await box.vbox.run(["storageattach", machine.id, ...place, "--type", kind, "--medium", medium], { machine: machine.id });
  };
  if (!machine.controllers.includes(controller.name))
    await box.vbox.run(["storagectl", machine.id, "--name", controller.name, "--add", "sata", "--portcount", String(controller.ports)], {
      machine: machine.id,
    });
  const kept = have.filter(({ attachment, file }) => attachment.kind === "disk" && file !== undefined && disks.includes(file));
  for (const { attachment } of have.filter((one) => one.attachment.kind === "disk" && !kept.includes(one)))
    await attach(attachment.port, "hdd", "none");
  const used = new Set(kept.map(({ attachment }) => attachment.port));
  for (const disk of disks.filter((id) => !kept.some(({ file }) => file === id))) {
    let port = disk === disks[0] ? 0 : 1;
    while (used.has(port)) port += 1;
    used.add(port);
    await attach(port, "hdd", disk);
  }
  const drive = have.find(({ attachment }) => attachment.kind === "cdrom");
  if (drive?.file !== seed) await attach(controller.seedPort, "dvddrive", seed ?? "none");
}
