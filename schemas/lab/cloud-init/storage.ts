import { boolean, closedObject, integer, type Schema } from "../value.ts";
import { text, texts } from "./texts.ts";

export const mount: Schema = closedObject(
  {
    device: text("Device, `//server/share`, or `server:/path`."),
    path: text("Where it is mounted: an absolute path.", { pattern: "^/" }),
    type: text("Type of the file system.", { default: "auto" }),
    options: texts("Mount options. Default: `defaults`, `nofail`, and after cloud-init."),
  },
  { title: "Mount", description: "A line of /etc/fstab.", required: ["device", "path"] },
);

export const mounts: Schema = {
  description: "File systems to mount, now and at every boot.",
  type: "array",
  items: { $ref: "#/$defs/mount" },
  default: [],
};

const fileSystem = { description: "Type of the file system: `ext4`, `xfs` …", type: "string", minLength: 1, default: "ext4" };
const label = { description: "Label of the file system. Default: none.", type: "string", minLength: 1 };
const path = { description: "Where it is mounted: an absolute path. Default: nowhere.", type: "string", pattern: "^/" };

export const guestPartition: Schema = closedObject(
  {
    percent: integer(1, 100, { description: "Its share of the disk, in percent." }),
    fileSystem,
    label,
    mount: path,
    options: texts("Mount options."),
  },
  { title: "GuestPartition", description: "A partition.", required: ["percent"] },
);

export const guestDisk: Schema = closedObject(
  {
    disk: { $ref: "#/$defs/label", description: "Name of one of the sandbox's `disks`." },
    fileSystem,
    label,
    mount: path,
    options: texts("Mount options."),
    table: {
      description: "Kind of partition table. `gpt` needs `sgdisk` in the image and is needed for disks beyond 2 TiB.",
      enum: ["mbr", "gpt"],
      default: "mbr",
    },
    partitions: {
      description: "Partitions in order, instead of one file system on the whole disk.",
      type: "array",
      items: { $ref: "#/$defs/guestPartition" },
      minItems: 1,
    },
  },
  { title: "GuestDisk", description: "How one of the sandbox's further disks is used.", required: ["disk"] },
);

export const disks: Schema = {
  description: "Partitions, formats and mounts further disks. A disk that has a partition table or a file system keeps it.",
  type: "array",
  items: { $ref: "#/$defs/guestDisk" },
  default: [],
};

export const growPart: Schema = closedObject(
  {
    mode: {
      description: "`auto`: with what the image has. `growpart`: with that program only. `off`: not at all.",
      enum: ["auto", "growpart", "off"],
      default: "auto",
    },
    devices: texts("Partitions to grow, by mount point or device. Default: `/`."),
    ignoreGrowrootDisabled: boolean({ description: "Grows even if the image has /etc/growroot-disabled.", default: false }),
  },
  { title: "GrowPart", description: "Growing of partitions to the size of their disk, at every boot." },
);
