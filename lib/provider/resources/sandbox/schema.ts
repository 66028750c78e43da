import { attribute, type Decided, type Planned, type State, type Validator } from "../../framework/attribute.ts";
import { keepIfUnchanged, requiresReplace } from "../../framework/modifier.ts";
import { aDuration, aSize } from "../unit-text.ts";
import { ipv4Address, keys, label, macAddress, oneOf, wholeNumber } from "../validators.ts";

const labelKey: Validator<string> = (text) =>
  /^[A-Za-z0-9_.-]{1,63}$/.test(text)
    ? undefined
    : `expected 1 to 63 letters, digits, dots, hyphens and underscores, got ${JSON.stringify(text)}`;

const nic = {
  network: attribute.string({ required: true, description: "The `id` of its network." }),
  mac: attribute.string({
    optional: true,
    computed: true,
    description:
      "Its MAC, lower case with colons. Default: made from deployment, sandbox and position; a NIC keeps it as long as it is in the same network.",
    validate: [macAddress],
  }),
  address: attribute.string({
    optional: true,
    computed: true,
    nullable: true,
    description:
      "The address that the guest is going to have there, where it is known (a reservation's, or a static one): forwarded ports lead to it. Default: none; a NIC that had one keeps it.",
    validate: [ipv4Address],
  }),
};

const forward = {
  protocol: attribute.string({ default: "tcp", description: "`tcp` or `udp`. Default: `tcp`.", validate: [oneOf("tcp", "udp")] }),
  host_address: attribute.string({
    default: "127.0.0.1",
    description: "Address of the host that the port is opened on. Default: `127.0.0.1`, which only the host itself reaches.",
    validate: [ipv4Address],
  }),
  host_port: attribute.number({
    optional: true,
    computed: true,
    description: "Port of the host, 1 to 65535. Default: a free one is chosen, and kept.",
    validate: [wholeNumber(1, 65_535)],
    modifiers: [keepIfUnchanged<number>()],
  }),
  guest_port: attribute.number({ required: true, description: "Port in the guest, 1 to 65535.", validate: [wholeNumber(1, 65_535)] }),
};

export const sandboxSchema = {
  name: attribute.string({
    required: true,
    description: "Name in the lab, a DNS label; on the host it is called `<lab>-<name>`. Another name is another sandbox.",
    validate: [label],
    modifiers: [requiresReplace()],
  }),
  cpus: attribute.number({
    default: 1,
    description: "Virtual CPUs, 1 to 288. Default: 1. A change reboots a running guest; more, up to `max_cpus`, do not.",
    validate: [wholeNumber(1, 288)],
  }),
  max_cpus: attribute.number({
    optional: true,
    description:
      "CPUs that it can have without a reboot, from `cpus` to 288: more `cpus` then come into the running guest, which may have to bring them online (`chcpu -e 1`); fewer take a reboot. Default: none. A change of the limit itself reboots a running guest. Where the hypervisor cannot (`virtualbox`) it is an error of the plan.",
    validate: [wholeNumber(1, 288)],
  }),
  memory: attribute.string({
    default: "1GiB",
    description:
      'Memory, a number with B, KiB, MiB, GiB or TiB: `"2GiB"`. Default: `"1GiB"`. A change reboots a running guest, unless `max_memory` is set.',
    ...aSize,
  }),
  max_memory: attribute.string({
    optional: true,
    description:
      'Memory that it can have without a reboot: `"8GiB"`, at least `memory`, which then changes in the running guest by a balloon. The guest boots with all of it, and gives back what is above `memory` when its balloon driver starts. Default: none. A change of the limit itself reboots a running guest. Where the hypervisor cannot (`virtualbox`) it is an error of the plan.',
    ...aSize,
  }),
  disks: attribute.list("string", {
    required: true,
    description:
      "The `id`s of its disks, the one to boot from first. Another first one, also one that is made anew, makes another sandbox. Further ones come and go in the running guest where the hypervisor can, if the others keep their order.",
    validate: [
      (ids) => (ids.length === 0 ? "expected at least one disk, to boot from" : undefined),
      (ids) => (new Set(ids).size < ids.length ? "expected every disk once" : undefined),
    ],
  }),
  seed: attribute.string({
    optional: true,
    description:
      "The `id` of the seed in its CD-ROM. Default: none. Another one reboots a running guest, and cloud-init runs again if the instance-id in it is another.",
  }),
  nics: attribute.list(nic, {
    default: [],
    description:
      "Its network cards, in order. Default: none. They come and go in the running guest where the hypervisor can, if the others keep their order; else the guest reboots.",
  }),
  forwards: attribute.map(forward, {
    default: {},
    description:
      "Ports of the host that lead into the guest, by a name of your choice: `{ ssh = { guest_port = 22 } }`. Default: none. They change in the running guest, and go with the sandbox. For `kvm` they are held by a process on this machine, and lead to the first of `nics` that has an `address`; on a host that is another machine they are an error of the plan.",
    validate: [keys(label)],
  }),
  labels: attribute.map("string", {
    default: {},
    description:
      "Labels, kept in the sandbox's metadata on the host: keys of at most 63 letters, digits, dots, hyphens and underscores. Default: none.",
    validate: [keys(labelKey)],
  }),
  autostart: attribute.bool({ default: false, description: "Whether it starts with its host. Default: false." }),
  running: attribute.bool({
    default: true,
    description:
      "Whether it runs. Default: true: one that was stopped, by hand or from within, is started by the next apply. False shuts it down, and keeps it.",
  }),
  protect: attribute.bool({
    default: false,
    description:
      "Whether the plan refuses to destroy it, or to replace it by another. Default: false. To destroy it after all, set it to false, apply, and repeat.",
  }),
  shutdown_timeout: attribute.string({
    default: "60s",
    description: 'How long the guest may take to shut down before its power is cut: `"90s"`, `"5m"`. Default: `"60s"`.',
    ...aDuration,
  }),
  id: attribute.string({
    computed: true,
    description: "The hypervisor's id of the sandbox (for `kvm` its UUID).",
    modifiers: [keepIfUnchanged()],
  }),
  host_name: attribute.string({ computed: true, description: "Its name on the host: `<lab>-<name>`.", modifiers: [keepIfUnchanged()] }),
  console_log: attribute.string({
    computed: true,
    nullable: true,
    description: "Path on the host of the file that its serial console is written to; null if there is none.",
    modifiers: [keepIfUnchanged()],
  }),
  change: attribute.string({
    computed: true,
    description:
      "What the last change took: `created`; `live`, nothing that the guest notices as a stop; `reboot`; `reseed`, a reboot with another seed. The plan has it before anything happens, except where it depends on what only the apply can tell.",
  }),
};

export type SandboxSchema = typeof sandboxSchema;
export type SandboxState = State<SandboxSchema>;
export type PlannedSandbox = Planned<SandboxSchema>;
export type DecidedSandbox = Decided<SandboxSchema>;
