import type { GuestSetting, GuestSettings } from "../../schemas/lab/cloud-init/guest-settings.ts";
import { withoutAbsent } from "./without-absent.ts";

/**
 * Partitions, file systems, mounts and growth.
 *
 * A disk that holds something keeps it, also when cloud-init runs again: `partition: any` formats only what has neither partitions nor a file system, where `none` would format each time.
 *
 * @param devices of the disks that `settings.disks` names
 * @throws RangeError for a disk without a device
 */
export function storageConfig({ disks = [], mounts = [], growPart }: GuestSettings, devices: Readonly<Record<string, string>>): object {
  const used = disks.map((disk) => diskConfig(disk, deviceOf(disk.disk, devices)));
  const tables = used.flatMap(({ table }) => (table ? [table] : []));
  const fileSystems = used.flatMap((disk) => disk.fileSystems);
  const lines = [...used.flatMap((disk) => disk.mounts), ...mounts.map(mountLine)];
  return {
    ...(tables.length > 0 && { disk_setup: Object.fromEntries(tables) as object }),
    ...(fileSystems.length > 0 && { fs_setup: fileSystems }),
    ...(lines.length > 0 && { mounts: lines }),
    ...(growPart && {
      growpart: withoutAbsent({
        mode: growPart.mode,
        devices: growPart.devices,
        ignore_growroot_disabled: growPart.ignoreGrowrootDisabled,
      }),
    }),
  };
}

interface UsedDisk {
  /** Entry of `disk_setup`. */
  readonly table?: readonly [string, object];
  readonly fileSystems: readonly object[];
  readonly mounts: readonly (readonly string[])[];
}

function deviceOf(disk: string, devices: Readonly<Record<string, string>>): string {
  const device = devices[disk];
  if (device === undefined) throw new RangeError(`Expected a device of disk ${JSON.stringify(disk)}`);
  return device;
}

type Used = Pick<GuestSetting<"disks">, "fileSystem" | "label" | "mount" | "options">;

function diskConfig(disk: GuestSetting<"disks">, device: string): UsedDisk {
  if (!disk.partitions) return { fileSystems: [fileSystem(device, disk)], mounts: mountsOf(device, disk) };
  const layout = disk.partitions.map(({ percent }) => percent);
  return {
    table: [device, { table_type: disk.table ?? "mbr", layout, overwrite: false }],
    fileSystems: disk.partitions.map((partition, index) => fileSystem(`${device}${index + 1}`, partition)),
    mounts: disk.partitions.flatMap((partition, index) => mountsOf(`${device}${index + 1}`, partition)),
  };
}

function fileSystem(device: string, { fileSystem: type = "ext4", label }: Used): object {
  return withoutAbsent({ device, filesystem: type, label, partition: "any", overwrite: false });
}

function mountsOf(device: string, { fileSystem: type = "ext4", mount, options }: Used): string[][] {
  return mount === undefined ? [] : [mountLine({ device, path: mount, type, options })];
}

/** cloud-init knows good options where none are given. */
function mountLine({ device, path, type = "auto", options }: GuestSetting<"mounts">): string[] {
  return [device, path, type, ...(options === undefined || options.length === 0 ? [] : [options.join(",")])];
}
