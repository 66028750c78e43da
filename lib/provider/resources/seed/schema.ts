import { attribute, type Decided, type State } from "../../framework/attribute.ts";
import { keepIfUnchanged, normaliseToPrior, requiresReplace } from "../../framework/modifier.ts";
import { filePath } from "../validators.ts";
import { fileName } from "./seed-name.ts";

const secret = "It is write-only: neither state nor plan has it.";

export const seedSchema = {
  name: attribute.string({
    required: true,
    description: "Name in the lab, mostly its sandbox's: at most 110 lower-case letters, digits and hyphens. Another name is another seed.",
    validate: [
      (text) =>
        /^[a-z0-9-]{1,110}$/.test(text)
          ? undefined
          : `expected 1 to 110 lower-case letters, digits and hyphens, got ${JSON.stringify(text)}`,
    ],
    modifiers: [requiresReplace()],
  }),
  file: attribute.string({
    optional: true,
    description:
      "Path of a seed image (ISO 9660) on this machine. Its file name is its identity: a file of another name is another seed, another folder is no change. Default: none, then the seed is made of the attributes below. A file that is not there is an error of the apply.",
    modifiers: [normaliseToPrior<string>((planned, prior) => fileName(planned) === fileName(prior))],
    validate: [
      filePath,
      (path) =>
        /^[A-Za-z0-9._-]{1,110}\.iso$/.test(fileName(path))
          ? undefined
          : `expected a file whose name has at most 110 letters, digits, dots, hyphens and underscores and ends with ".iso", got ${JSON.stringify(path)}`,
    ],
  }),
  revision: attribute.string({
    optional: true,
    description:
      "Says which content this is, since Terraform cannot see it: at most 64 letters, digits, dots, hyphens and underscores. Change it with the content: another revision is another seed. Required with the attributes below, and only with them.",
    validate: [
      (text) =>
        /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text)
          ? undefined
          : `expected 1 to 64 letters, digits, dots, hyphens and underscores, got ${JSON.stringify(text)}`,
    ],
  }),
  user_data: attribute.string({
    optional: true,
    writeOnly: true,
    description: `cloud-init user-data: cloud-config with its first line \`#cloud-config\`, a script, or any other form. ${secret} Default: an empty cloud-config. Text that cloud-init would ignore is an error of the plan.`,
  }),
  vendor_data: attribute.string({
    optional: true,
    writeOnly: true,
    description: `cloud-init vendor-data, in the same forms; user-data wins over it. ${secret} Default: none.`,
  }),
  meta_data: attribute.string({
    optional: true,
    writeOnly: true,
    description: `cloud-init meta-data, YAML with an \`instance-id\`. ${secret} Default: an instance-id made of lab, name and revision (so that another revision runs cloud-init again), and the name as host name.`,
  }),
  network_config: attribute.string({
    optional: true,
    writeOnly: true,
    description: `cloud-init network-config, YAML of version 1 or 2. ${secret} Default: none, cloud-init asks DHCP on the first NIC.`,
  }),
  id: attribute.string({
    computed: true,
    description: "The hypervisor's id of the seed, for the `seed` of a sandbox.",
    modifiers: [keepIfUnchanged()],
  }),
  path: attribute.string({ computed: true, description: "Its path on the host.", modifiers: [keepIfUnchanged()] }),
  instance_id: attribute.string({
    computed: true,
    nullable: true,
    description: "The instance-id in it; null for a `file`. cloud-init runs again in a sandbox whose seed has another one.",
    modifiers: [keepIfUnchanged("revision", "name")],
  }),
};

export type SeedSchema = typeof seedSchema;
export type SeedState = State<SeedSchema>;
export type DecidedSeed = Decided<SeedSchema>;

/** The attributes that a seed can be made of. */
export const contentAttributes = ["user_data", "vendor_data", "meta_data", "network_config"] as const;
