import { cloudInit, userDataFile, writeFile } from "./cloud-init/cloud-init.ts";
import { aptSource, yumRepository } from "./cloud-init/repositories.ts";
import { guestDisk, guestPartition, mount } from "./cloud-init/storage.ts";
import { guestUser } from "./cloud-init/users.ts";
import { host } from "./host.ts";
import { reach } from "./reach.ts";
import { image } from "./image.ts";
import { network } from "./network.ts";
import { nicVlan, route } from "./nic.ts";
import { attachment, defaults, disk, forward, probe, profile, sandbox, timeouts } from "./sandbox.ts";
import { duration, label, namedMap, overrides, reference, size, type Schema } from "./value.ts";

/** The lab language: what a lab file may say. */
export const lab: Schema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "WrittenLab",
  description: "A lab: sandboxes, networks and what cloud-init does in them.",
  type: "object",
  properties: {
    lab: { $ref: "#/$defs/label", description: "Name of the lab: prefix of every object's name on the host. A lab renamed is a new lab." },
    hypervisor: {
      description:
        "What runs the sandboxes. Where it is not written, the lock says it, else the environment's `HYPERVISOR` (`kvm` or `vbox`). Another one than before is a rebuild of every sandbox.",
      enum: ["kvm", "virtualbox"],
      default: "kvm",
    },
    provider: {
      description:
        "The Terraform provider that makes them: `libvirt` is `dmacvicar/libvirt`, `terrarium` is Terrarium's own, which needs no download. With `hypervisor: virtualbox` always `terrarium`. Recorded in the lock; another one than before is a rebuild of every sandbox.",
      enum: ["libvirt", "terrarium"],
      default: "libvirt",
    },
    hosts: namedMap(host, {
      description: "Where sandboxes run. Default: `local`, the machine's own libvirt where it answers, else Terrarium's own host.",
    }),
    backend: {
      description: "Terraform backend, as Terraform knows it: `{ s3: { bucket: … } }`. Default: a local file under `.terrarium/`.",
      type: "object",
      minProperties: 1,
      maxProperties: 1,
      additionalProperties: { type: "object" },
    },
    vars: {
      description: "Variables: `${var:NAME}` anywhere in the lab. `--var NAME=VALUE` and `--var-file` win over these.",
      type: "object",
      propertyNames: { pattern: "^[A-Za-z_][A-Za-z0-9_]*$" },
      additionalProperties: { type: ["string", "number", "boolean"] },
    },
    defaults: { $ref: "#/$defs/defaults" },
    profiles: namedMap({ $ref: "#/$defs/profile" }, { description: "Named settings." }),
    images: namedMap({ $ref: "#/$defs/image" }, { description: "Images, by name." }),
    networks: namedMap({ $ref: "#/$defs/network" }, { description: "Networks, by name." }),
    sandboxes: namedMap({ $ref: "#/$defs/sandbox" }, { description: "Sandboxes, by name." }),
    reachable: {
      description: "Who must reach whom, beside what follows from the networks: `terrarium net check` asks for it.",
      type: "array",
      items: { $ref: "#/$defs/reach" },
    },
    unreachable: {
      description: "Who must not reach whom, beside what follows from the networks: a guest's firewall, or the way out of a lab.",
      type: "array",
      items: { $ref: "#/$defs/reach" },
    },
  },
  required: ["lab", "sandboxes"],
  additionalProperties: false,
  $defs: {
    label,
    reference,
    size,
    duration,
    overrides,
    image,
    network,
    writeFile,
    userDataFile,
    cloudInit,
    guestUser,
    guestDisk,
    guestPartition,
    mount,
    aptSource,
    yumRepository,
    route,
    nicVlan,
    attachment,
    disk,
    forward,
    probe,
    timeouts,
    defaults,
    profile,
    sandbox,
    reach,
  },
};
