import { nicKeys } from "./nic.ts";
import { boolean, closedObject, integer, type Schema } from "./value.ts";

const ip: Schema = { type: "string", pattern: "^(\\d{1,3}(\\.\\d{1,3}){3}|\\$\\{(var|each):[A-Za-z_][A-Za-z0-9_]*\\})$" };

const mac: Schema = {
  type: "string",
  pattern: "^([0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}|\\$\\{(var|each):[A-Za-z_][A-Za-z0-9_]*\\})$",
};

export const attachment: Schema = {
  title: "Attachment",
  description: "A NIC in a network: the network's name, or an object with more to say.",
  anyOf: [
    { $ref: "#/$defs/label" },
    closedObject(
      {
        name: { $ref: "#/$defs/label", description: "The network's name." },
        ip: { ...ip, description: "A fixed address. Default: planned and recorded in the lock." },
        ips: { description: "Fixed addresses of a counted sandbox, one per copy.", type: "array", items: ip, minItems: 1 },
        mac: { ...mac, description: "A MAC of its own, where something outside knows it by that. Default: planned." },
        ...nicKeys,
      },
      { title: "AttachmentOptions", required: ["name"], not: { required: ["ip", "ips"] } },
    ),
  ],
};

export const disk: Schema = closedObject(
  {
    name: { $ref: "#/$defs/label", description: "Name of the disk. Default: `disk1`, `disk2` … by position." },
    size: { $ref: "#/$defs/size", description: "Size the guest sees." },
  },
  { title: "ExtraDisk", description: "A further disk, empty at first.", required: ["size"] },
);

export const forward: Schema = closedObject(
  {
    host: {
      description: "Port of the host. `auto`: a free one is planned from 20000 to 29999, and recorded in the lock.",
      anyOf: [{ const: "auto" }, { type: "integer", minimum: 1, maximum: 65_535 }, { $ref: "#/$defs/reference" }],
      default: "auto",
    },
    guest: integer(1, 65_535, { description: "Port in the guest." }),
    protocol: { description: "`tcp` or `udp`.", enum: ["tcp", "udp"], default: "tcp" },
    address: {
      ...ip,
      description: "Address of the host that the port is opened on. `0.0.0.0`: all of them, so that others reach it, too.",
      default: "127.0.0.1",
    },
  },
  { title: "Forward", description: "A port of the host that leads to a port of the guest.", required: ["guest"] },
);

const port: Schema = integer(1, 65535, { description: "Port in the guest." });

export const probe: Schema = {
  title: "Probe",
  description: "What must answer before the sandbox counts as ready.",
  anyOf: [
    closedObject({ tcp: { ...port, description: "A TCP port that accepts connections." } }, { title: "TcpProbe", required: ["tcp"] }),
    closedObject(
      {
        http: closedObject(
          {
            port: { ...port, default: 80 },
            path: { description: "Path and query.", type: "string", pattern: "^/", default: "/" },
            status: integer(100, 599, { description: "Expected status.", default: 200 }),
          },
          { title: "HttpTarget", description: "A URL in the guest that answers with the expected status." },
        ),
      },
      { title: "HttpProbe", required: ["http"] },
    ),
    closedObject(
      { exec: { description: "A command in the guest, over SSH, that ends with exit code 0.", type: "string", minLength: 1 } },
      { title: "ExecProbe", required: ["exec"] },
    ),
  ],
};

export const timeouts: Schema = closedObject(
  {
    ready: {
      $ref: "#/$defs/duration",
      description: "How long `apply` waits for the sandbox. Default: 5m, three times that under emulation (env IP_DISCOVERY_TIMEOUT).",
    },
    shutdown: {
      $ref: "#/$defs/duration",
      description: "How long the guest may take to shut down before its power is cut.",
      default: "60s",
    },
  },
  { title: "Timeouts", description: "How long to wait." },
);

/** What `defaults`, a profile and a sandbox have in common. */
export const sandboxProperties: Record<string, Schema> = {
  host: { $ref: "#/$defs/label", description: "The host it runs on. Default: the lab's only host, or `local`." },
  image: { $ref: "#/$defs/label", description: "Name of the image its root disk starts from." },
  cpus: integer(1, 288, { description: "Virtual CPUs.", default: 1 }),
  maxCpus: integer(1, 288, {
    description:
      "CPUs that it can have without a reboot: more `cpus`, up to here, come into the running guest; fewer are a reboot. KVM with `provider: terrarium`. Default: none, another `cpus` is a reboot.",
  }),
  memory: { $ref: "#/$defs/size", description: "Memory.", default: "1GiB" },
  maxMemory: {
    $ref: "#/$defs/size",
    description:
      "Memory that it can have without a reboot: `memory` changes in the running guest up to here, by a balloon. KVM with `provider: terrarium`. Default: none, another `memory` is a reboot.",
  },
  disk: { $ref: "#/$defs/size", description: "Size of the root disk. Default: 10GiB, or the image's size where that is larger." },
  disks: { description: "Further disks.", type: "array", items: { $ref: "#/$defs/disk" }, default: [] },
  networks: {
    description: "Its NICs, in order. Default: one NIC in a NAT network of its own.",
    type: "array",
    items: { $ref: "#/$defs/attachment" },
    minItems: 1,
  },
  forward: {
    description: "Ports of the host that lead into the guest, on the host's loopback unless asked otherwise. `provider: terrarium`.",
    type: "array",
    items: { $ref: "#/$defs/forward" },
    default: [],
  },
  user: {
    description: "Login user, made by cloud-init, with sudo. The image's own user stays.",
    type: "string",
    pattern: "^[a-z_][a-z0-9_-]{0,31}$",
    default: "admin",
  },
  sshKeys: {
    description: "Public keys that may log in, beside the lab's own: the key itself, or `${file:~/.ssh/id_ed25519.pub}`.",
    type: "array",
    items: { type: "string", minLength: 1 },
    default: [],
  },
  labels: {
    description: "Labels, kept in the sandbox's metadata on the host.",
    type: "object",
    propertyNames: { pattern: "^[A-Za-z0-9_.-]{1,63}$" },
    additionalProperties: { type: "string" },
    default: {},
  },
  autostart: boolean({ description: "Starts with its host.", default: false }),
  ready: {
    description:
      "What `apply` waits for. `cloudInit`: cloud-init has finished. `ssh`: a login works. `address`: it has an address. `none`: it runs. Default: `cloudInit` with a seed, `ssh` without.",
    enum: ["cloudInit", "ssh", "address", "none"],
  },
  probes: { description: "What must answer then.", type: "array", items: { $ref: "#/$defs/probe" }, default: [] },
  timeouts: { $ref: "#/$defs/timeouts" },
  protect: boolean({ description: "Refuses every change that would lose data of this sandbox, also its removal.", default: false }),
  seed: {
    description:
      "How cloud-init gets its data. `nocloud`: a CD-ROM (label `cidata`). `configdrive`: a CD-ROM in the form of OpenStack (label `config-2`), for images that read nothing else. `none`: no seed; the image is used as it is.",
    enum: ["nocloud", "configdrive", "none"],
    default: "nocloud",
  },
  cloudInit: { $ref: "#/$defs/cloudInit" },
  overrides: { $ref: "#/$defs/overrides" },
};

const profileReference: Schema = {
  description: "Profiles to take settings from; later ones win, the sandbox itself wins over all.",
  anyOf: [{ $ref: "#/$defs/label" }, { type: "array", items: { $ref: "#/$defs/label" }, minItems: 1 }],
};

export const defaults: Schema = closedObject(sandboxProperties, {
  title: "Defaults",
  description: "Settings of every sandbox that does not say otherwise.",
});

export const profile: Schema = closedObject(
  { profiles: profileReference, ...sandboxProperties },
  { title: "Profile", description: "Named settings that sandboxes (and other profiles) inherit." },
);

export const sandbox: Schema = closedObject(
  {
    profiles: profileReference,
    count: integer(0, 1000, { description: "Makes that many: `web` becomes `web-1`, `web-2` … `${each:index}` is the number." }),
    forEach: {
      description: "Makes one per key: `web` becomes `web-<key>`. `${each:key}` is the key, `${each:NAME}` a value of its map.",
      anyOf: [
        { type: "array", items: { $ref: "#/$defs/label" }, uniqueItems: true },
        {
          type: "object",
          propertyNames: { $ref: "#/$defs/label" },
          additionalProperties: { type: ["object", "null"], additionalProperties: { type: ["string", "number", "boolean"] } },
        },
      ],
    },
    ...sandboxProperties,
  },
  { title: "Sandbox", description: "A virtual machine.", not: { required: ["count", "forEach"] } },
);
