// Made by `npm run generate` from schemas/lab. Do not edit.

/**
 * A NIC in a network: the network's name, or an object with more to say.
 */
export type Attachment = string | AttachmentOptions;
/**
 * What must answer before the sandbox counts as ready.
 */
export type Probe = TcpProbe | HttpProbe | ExecProbe;

/**
 * A lab: sandboxes, networks and what cloud-init does in them.
 */
export interface WrittenLab {
  /**
   * Name of the lab: prefix of every object's name on the host. A lab renamed is a new lab.
   */
  lab: string;
  /**
   * What runs the sandboxes. Where it is not written, the lock says it, else the environment's `HYPERVISOR` (`kvm` or `vbox`). Another one than before is a rebuild of every sandbox.
   *
   * @default "kvm"
   */
  hypervisor?: "kvm" | "virtualbox";
  /**
   * The Terraform provider that makes them: `libvirt` is `dmacvicar/libvirt`, `terrarium` is Terrarium's own, which needs no download. With `hypervisor: virtualbox` always `terrarium`. Recorded in the lock; another one than before is a rebuild of every sandbox.
   *
   * @default "libvirt"
   */
  provider?: "libvirt" | "terrarium";
  /**
   * Where sandboxes run. Default: `local`, the machine's own libvirt where it answers, else Terrarium's own host.
   */
  hosts?: {
    [k: string]: Host;
  };
  /**
   * Terraform backend, as Terraform knows it: `{ s3: { bucket: … } }`. Default: a local file under `.terrarium/`.
   */
  backend?: {
    [k: string]: {};
  };
  /**
   * Variables: `${var:NAME}` anywhere in the lab. `--var NAME=VALUE` and `--var-file` win over these.
   */
  vars?: {
    [k: string]: string | number | boolean;
  };
  defaults?: Defaults;
  /**
   * Named settings.
   */
  profiles?: {
    [k: string]: Profile;
  };
  /**
   * Images, by name.
   */
  images?: {
    [k: string]: Image;
  };
  /**
   * Networks, by name.
   */
  networks?: {
    [k: string]: Network;
  };
  /**
   * Sandboxes, by name.
   */
  sandboxes: {
    [k: string]: Sandbox;
  };
  /**
   * Who must reach whom, beside what follows from the networks: `terrarium net check` asks for it.
   */
  reachable?: Reach[];
  /**
   * Who must not reach whom, beside what follows from the networks: a guest's firewall, or the way out of a lab.
   */
  unreachable?: Reach[];
}
/**
 * A machine that runs sandboxes.
 */
export interface Host {
  /**
   * Where libvirt listens: `qemu:///system`, `qemu:///system?socket=PATH`, `qemu+ssh://USER@HOST/system`, or `embedded` for Terrarium's own host (a libvirtd of its own, which touches nothing of the machine's network or libvirt configuration).
   */
  uri: string;
}
/**
 * Settings of every sandbox that does not say otherwise.
 */
export interface Defaults {
  /**
   * The host it runs on. Default: the lab's only host, or `local`.
   */
  host?: string;
  /**
   * Name of the image its root disk starts from.
   */
  image?: string;
  /**
   * Virtual CPUs.
   *
   * @default 1
   */
  cpus?: number | string;
  /**
   * CPUs that it can have without a reboot: more `cpus`, up to here, come into the running guest; fewer are a reboot. KVM with `provider: terrarium`. Default: none, another `cpus` is a reboot.
   */
  maxCpus?: number | string;
  /**
   * Memory.
   *
   * @default "1GiB"
   */
  memory?: string;
  /**
   * Memory that it can have without a reboot: `memory` changes in the running guest up to here, by a balloon. KVM with `provider: terrarium`. Default: none, another `memory` is a reboot.
   */
  maxMemory?: string;
  /**
   * Size of the root disk. Default: 10GiB, or the image's size where that is larger.
   */
  disk?: string;
  /**
   * Further disks.
   *
   * @default []
   */
  disks?: ExtraDisk[];
  /**
   * Its NICs, in order. Default: one NIC in a NAT network of its own.
   *
   * @minItems 1
   */
  networks?: Attachment[];
  /**
   * Ports of the host that lead into the guest, on the host's loopback unless asked otherwise. `provider: terrarium`.
   *
   * @default []
   */
  forward?: Forward[];
  /**
   * Login user, made by cloud-init, with sudo. The image's own user stays.
   *
   * @default "admin"
   */
  user?: string;
  /**
   * Public keys that may log in, beside the lab's own: the key itself, or `${file:~/.ssh/id_ed25519.pub}`.
   *
   * @default []
   */
  sshKeys?: string[];
  /**
   * Labels, kept in the sandbox's metadata on the host.
   *
   * @default {}
   */
  labels?: {
    [k: string]: string;
  };
  /**
   * Starts with its host.
   *
   * @default false
   */
  autostart?: boolean | string;
  /**
   * What `apply` waits for. `cloudInit`: cloud-init has finished. `ssh`: a login works. `address`: it has an address. `none`: it runs. Default: `cloudInit` with a seed, `ssh` without.
   */
  ready?: "cloudInit" | "ssh" | "address" | "none";
  /**
   * What must answer then.
   *
   * @default []
   */
  probes?: Probe[];
  timeouts?: Timeouts;
  /**
   * Refuses every change that would lose data of this sandbox, also its removal.
   *
   * @default false
   */
  protect?: boolean | string;
  /**
   * How cloud-init gets its data. `nocloud`: a CD-ROM (label `cidata`). `configdrive`: a CD-ROM in the form of OpenStack (label `config-2`), for images that read nothing else. `none`: no seed; the image is used as it is.
   *
   * @default "nocloud"
   */
  seed?: "nocloud" | "configdrive" | "none";
  cloudInit?: CloudInit;
  overrides?: Overrides;
}
/**
 * A further disk, empty at first.
 */
export interface ExtraDisk {
  /**
   * Name of the disk. Default: `disk1`, `disk2` … by position.
   */
  name?: string;
  /**
   * Size the guest sees.
   */
  size: string;
}
export interface AttachmentOptions {
  /**
   * The network's name.
   */
  name: string;
  /**
   * A fixed address. Default: planned and recorded in the lock.
   */
  ip?: string;
  /**
   * Fixed addresses of a counted sandbox, one per copy.
   *
   * @minItems 1
   */
  ips?: string[];
  /**
   * A MAC of its own, where something outside knows it by that. Default: planned.
   */
  mac?: string;
  /**
   * Whether the guest asks for its IPv4 address. `false`: the address, planned or `ip`, is written into the guest by its seed. Default: true, but for an `ip` in a `bridged` or `none` network.
   */
  dhcp?: boolean | string;
  /**
   * Whether the default route (IPv4) leads through it. Default: true for the first NIC whose network leads outside, false for VLANs; a `gateway` makes it true.
   */
  defaultRoute?: boolean | string;
  /**
   * Router of the default route, instead of the network's.
   */
  gateway?: string;
  /**
   * Name servers to ask, IPv4 or IPv6, instead of those that the network tells.
   *
   * @minItems 1
   */
  nameservers?: string[];
  /**
   * Further domains in which short names are searched.
   *
   * @minItems 1
   */
  search?: string[];
  /**
   * Further routes.
   *
   * @minItems 1
   */
  routes?: Route[];
  /**
   * Largest packet, in bytes. Default: the network's, or 1500.
   */
  mtu?: number | string;
  /**
   * IPv6: `slaac` takes what routers announce, `dhcp` asks a DHCPv6 server, an address with its prefix (`fd00::5/64`) is fixed. Default: what the guest's system does by itself.
   */
  ipv6?: string;
  /**
   * VLANs on top of it.
   *
   * @minItems 1
   */
  vlans?: NicVlan[];
}
/**
 * A route that the guest has through this NIC.
 */
export interface Route {
  /**
   * Destination: a block without host bits, IPv4 or IPv6, or `default`.
   */
  to: string;
  /**
   * Next hop: an address that the NIC reaches directly.
   */
  via: string;
  /**
   * The lower one wins. Default: the guest's own.
   */
  metric?: number | string;
}
/**
 * A VLAN on top of a NIC: the guest tags its packets.
 */
export interface NicVlan {
  /**
   * VLAN id. In the guest it is an interface of its own, `<nic>.<id>`.
   */
  id: number | string;
  /**
   * Asks for an IPv4 address. Default: true, unless it has an `address`.
   */
  dhcp?: boolean | string;
  /**
   * A fixed IPv4 address with its prefix.
   */
  address?: string;
  /**
   * Whether the default route (IPv4) leads through it. Default: true for the first NIC whose network leads outside, false for VLANs; a `gateway` makes it true.
   */
  defaultRoute?: boolean | string;
  /**
   * Router of the default route, instead of the network's.
   */
  gateway?: string;
  /**
   * Name servers to ask, IPv4 or IPv6, instead of those that the network tells.
   *
   * @minItems 1
   */
  nameservers?: string[];
  /**
   * Further domains in which short names are searched.
   *
   * @minItems 1
   */
  search?: string[];
  /**
   * Further routes.
   *
   * @minItems 1
   */
  routes?: Route[];
  /**
   * Largest packet, in bytes. Default: the network's, or 1500.
   */
  mtu?: number | string;
  /**
   * IPv6: `slaac` takes what routers announce, `dhcp` asks a DHCPv6 server, an address with its prefix (`fd00::5/64`) is fixed. Default: what the guest's system does by itself.
   */
  ipv6?: string;
}
/**
 * A port of the host that leads to a port of the guest.
 */
export interface Forward {
  /**
   * Port of the host. `auto`: a free one is planned from 20000 to 29999, and recorded in the lock.
   *
   * @default "auto"
   */
  host?: "auto" | number | string;
  /**
   * Port in the guest.
   */
  guest: number | string;
  /**
   * `tcp` or `udp`.
   *
   * @default "tcp"
   */
  protocol?: "tcp" | "udp";
  /**
   * Address of the host that the port is opened on. `0.0.0.0`: all of them, so that others reach it, too.
   *
   * @default "127.0.0.1"
   */
  address?: string;
}
export interface TcpProbe {
  /**
   * A TCP port that accepts connections.
   */
  tcp: number | string;
}
export interface HttpProbe {
  http: HttpTarget;
}
/**
 * A URL in the guest that answers with the expected status.
 */
export interface HttpTarget {
  /**
   * Port in the guest.
   *
   * @default 80
   */
  port?: number | string;
  /**
   * Path and query.
   *
   * @default "/"
   */
  path?: string;
  /**
   * Expected status.
   *
   * @default 200
   */
  status?: number | string;
}
export interface ExecProbe {
  /**
   * A command in the guest, over SSH, that ends with exit code 0.
   */
  exec: string;
}
/**
 * How long to wait.
 */
export interface Timeouts {
  /**
   * How long `apply` waits for the sandbox. Default: 5m, three times that under emulation (env IP_DISCOVERY_TIMEOUT).
   */
  ready?: string;
  /**
   * How long the guest may take to shut down before its power is cut.
   *
   * @default "60s"
   */
  shutdown?: string;
}
/**
 * What cloud-init does inside the sandbox on first boot.
 */
export interface CloudInit {
  /**
   * Host name in the guest, one DNS label. Default: the sandbox's name, which stays its name everywhere else.
   */
  hostname?: string;
  /**
   * Fully qualified host name. Default: host name and domain of the first network.
   */
  fqdn?: string;
  /**
   * Packages to install on first boot.
   *
   * @default []
   */
  packages?: string[];
  /**
   * Commands to run at the end of the first boot, in order, as root.
   *
   * @default []
   *
   * Items: A shell line, or a program with its arguments.
   */
  runCmd?: (string | string[])[];
  /**
   * Files to write on first boot.
   *
   * @default []
   */
  writeFiles?: WriteFile[];
  /**
   * Users to make beside the login user and the image's own. An entry for the login user (`user`) changes that one.
   *
   * @default []
   */
  users?: GuestUser[];
  /**
   * Public keys that may log in as the login user and as the image's own, beside the sandbox's `sshKeys`.
   *
   * @default []
   */
  sshKeys?: string[];
  /**
   * Reads the package lists before packages are installed.
   *
   * @default false
   */
  packageUpdate?: boolean | string;
  /**
   * Upgrades all packages.
   *
   * @default false
   */
  packageUpgrade?: boolean | string;
  apt?: Apt;
  yum?: Yum;
  proxy?: Proxy;
  /**
   * Commands to run early in every boot, in order, as root: before the network is up and before users and packages are there.
   *
   * @default []
   *
   * Items: A shell line, or a program with its arguments.
   */
  bootCmd?: (string | string[])[];
  /**
   * Partitions, formats and mounts further disks. A disk that has a partition table or a file system keeps it.
   *
   * @default []
   */
  disks?: GuestDisk[];
  /**
   * File systems to mount, now and at every boot.
   *
   * @default []
   */
  mounts?: Mount[];
  growPart?: GrowPart;
  ntp?: Ntp;
  /**
   * Time zone: `Europe/Berlin`. Default: the image's.
   */
  timezone?: string;
  /**
   * Locale: `de_DE.UTF-8`; the image must have what makes it. Default: the image's.
   */
  locale?: string;
  caCerts?: CaCerts;
  powerState?: PowerState;
  phoneHome?: PhoneHome;
  /**
   * User-data of your own, of any kind that cloud-init knows (`#cloud-config`, `#!` script, MIME …): inline, or the path of a file (starts with `./`, `../`, `/` or `~/`). It is merged with what the keys above make; your keys win. A list has several, of whatever kinds: lists in them follow one another, and of two values the first one's stays.
   */
  userData?: string | UserDataFile | (string | UserDataFile)[];
  /**
   * Vendor-data of your own, in the same forms: defaults that user-data wins over. It is merged with Terrarium's own defaults; your keys win.
   */
  vendorData?: string | UserDataFile | (string | UserDataFile)[];
  /**
   * Further keys of the meta-data, which templates find below `ds.meta_data`. `instance-id` and `local-hostname` (with `seed: configdrive`: `uuid` and `hostname`) are Terrarium's.
   */
  metaData?: {
    [k: string]: unknown;
  };
  /**
   * cloud-init network configuration (version 1 or 2) instead of what the lab makes from `networks`.
   */
  networkConfig?: {
    /**
     * Version of the format.
     */
    version: 1 | 2;
    [k: string]: unknown;
  };
  /**
   * What another declaration of cloud-init does to a sandbox that is there. `rerun`: reboot with a new seed; cloud-init runs again on the same disk. `rebuild`: the root disk is made anew, a loss that has to be agreed to. `ignore`: nothing, until the sandbox gets a new seed for another reason: another image, host name or network.
   *
   * @default "rerun"
   */
  onChange?: "rerun" | "rebuild" | "ignore";
}
/**
 * A file written on first boot.
 */
export interface WriteFile {
  /**
   * Absolute path in the guest.
   */
  path: string;
  /**
   * The file's text.
   */
  content: string;
  /**
   * Octal mode, in quotes.
   *
   * @default "0644"
   */
  permissions?: string;
  /**
   * `user` or `user:group`; the user must exist by then (see `defer`).
   *
   * @default "root:root"
   */
  owner?: string;
  /**
   * Adds to the file instead of replacing it.
   *
   * @default false
   */
  append?: boolean | string;
  /**
   * Writes it at the end of cloud-init, when users and packages are there.
   *
   * @default false
   */
  defer?: boolean | string;
}
/**
 * A user in the guest.
 */
export interface GuestUser {
  /**
   * Login name.
   */
  name: string;
  /**
   * Full name.
   */
  fullName?: string;
  /**
   * Further groups; each is made where it is missing.
   *
   * @default []
   */
  groups?: string[];
  /**
   * Main group. Default: one of the user's own name.
   */
  primaryGroup?: string;
  /**
   * Login shell.
   *
   * @default "/bin/bash"
   */
  shell?: string;
  /**
   * Home directory. Default: below /home.
   */
  home?: string;
  /**
   * User id. Default: the next free one.
   */
  uid?: number | string;
  /**
   * Rule for sudo: `ALL=(ALL) NOPASSWD:ALL`. Default: no sudo.
   */
  sudo?: string;
  /**
   * Public keys that may log in as this user.
   *
   * @default []
   */
  sshKeys?: string[];
  /**
   * Hash of a password, as `openssl passwd -6` makes it. It is kept out of everything but the seed if it is a secret.
   */
  passwordHash?: string;
  /**
   * Allows no login with a password.
   *
   * @default true
   */
  lockPassword?: boolean | string;
  /**
   * A system user: no home directory, low id.
   *
   * @default false
   */
  system?: boolean | string;
  /**
   * Makes the home directory.
   *
   * @default true
   */
  createHome?: boolean | string;
  /**
   * Last day of the account: `2030-12-31`.
   */
  expires?: string;
}
/**
 * Package repositories of Debian and Ubuntu.
 */
export interface Apt {
  /**
   * URI of the distribution's mirror. Default: what the image says.
   */
  mirror?: string;
  /**
   * URI of its security mirror.
   */
  securityMirror?: string;
  /**
   * Further repositories, by name.
   *
   * @default {}
   */
  sources?: {
    [k: string]: AptSource;
  };
  /**
   * The whole of /etc/apt/sources.list; `$MIRROR`, `$SECURITY` and `$RELEASE` are filled in.
   */
  sourcesList?: string;
  /**
   * Suites to take out of sources.list: `updates`, `security`, `backports`, or their names.
   *
   * @default []
   */
  disableSuites?: string[];
  /**
   * Leaves the image's sources.list as it is. Default: true on Debian and wherever else the image says so, unless `mirror`, `securityMirror`, `sourcesList` or `disableSuites` is written.
   */
  preserveSourcesList?: boolean | string;
  /**
   * Lines for APT's own configuration.
   */
  config?: string;
}
/**
 * A package repository.
 */
export interface AptSource {
  /**
   * The repository's line: `deb http://deb.example.test/debian bookworm main`, or `ppa:…`. `$RELEASE` and `$MIRROR` are filled in by cloud-init.
   */
  source?: string;
  /**
   * The key that signs it, armored.
   */
  key?: string;
  /**
   * Id of a key to fetch from `keyServer`.
   */
  keyId?: string;
  /**
   * Where `keyId` is fetched. Default: keyserver.ubuntu.com.
   */
  keyServer?: string;
  /**
   * Name of the file below /etc/apt/sources.list.d. Default: the source's own name.
   */
  fileName?: string;
}
/**
 * Package repositories of Fedora, CentOS and the like.
 */
export interface Yum {
  /**
   * Repositories, by id.
   */
  repos: {
    [k: string]: YumRepository;
  };
}
/**
 * A package repository.
 */
export interface YumRepository {
  /**
   * Where its packages are.
   */
  baseUrl: string;
  /**
   * What it is called. Default: its id.
   */
  name?: string;
  /**
   * URL of the key that signs it.
   */
  gpgKey?: string;
  /**
   * Checks signatures.
   *
   * @default true
   */
  gpgCheck?: boolean | string;
  /**
   * Is used.
   *
   * @default true
   */
  enabled?: boolean | string;
}
/**
 * Proxy for apt, for login shells, and (from the next start on) for services of the guest.
 */
export interface Proxy {
  /**
   * URL of the proxy for HTTP: `http://proxy.example.test:3128`.
   */
  http?: string;
  /**
   * URL of the proxy for HTTPS.
   */
  https?: string;
  /**
   * Names, domains and addresses that are reached directly.
   *
   * @default []
   */
  noProxy?: string[];
}
/**
 * How one of the sandbox's further disks is used.
 */
export interface GuestDisk {
  /**
   * Name of one of the sandbox's `disks`.
   */
  disk: string;
  /**
   * Type of the file system: `ext4`, `xfs` …
   *
   * @default "ext4"
   */
  fileSystem?: string;
  /**
   * Label of the file system. Default: none.
   */
  label?: string;
  /**
   * Where it is mounted: an absolute path. Default: nowhere.
   */
  mount?: string;
  /**
   * Mount options.
   *
   * @default []
   */
  options?: string[];
  /**
   * Kind of partition table. `gpt` needs `sgdisk` in the image and is needed for disks beyond 2 TiB.
   *
   * @default "mbr"
   */
  table?: "mbr" | "gpt";
  /**
   * Partitions in order, instead of one file system on the whole disk.
   *
   * @minItems 1
   */
  partitions?: GuestPartition[];
}
/**
 * A partition.
 */
export interface GuestPartition {
  /**
   * Its share of the disk, in percent.
   */
  percent: number | string;
  /**
   * Type of the file system: `ext4`, `xfs` …
   *
   * @default "ext4"
   */
  fileSystem?: string;
  /**
   * Label of the file system. Default: none.
   */
  label?: string;
  /**
   * Where it is mounted: an absolute path. Default: nowhere.
   */
  mount?: string;
  /**
   * Mount options.
   *
   * @default []
   */
  options?: string[];
}
/**
 * A line of /etc/fstab.
 */
export interface Mount {
  /**
   * Device, `//server/share`, or `server:/path`.
   */
  device: string;
  /**
   * Where it is mounted: an absolute path.
   */
  path: string;
  /**
   * Type of the file system.
   *
   * @default "auto"
   */
  type?: string;
  /**
   * Mount options. Default: `defaults`, `nofail`, and after cloud-init.
   *
   * @default []
   */
  options?: string[];
}
/**
 * Growing of partitions to the size of their disk, at every boot.
 */
export interface GrowPart {
  /**
   * `auto`: with what the image has. `growpart`: with that program only. `off`: not at all.
   *
   * @default "auto"
   */
  mode?: "auto" | "growpart" | "off";
  /**
   * Partitions to grow, by mount point or device. Default: `/`.
   *
   * @default []
   */
  devices?: string[];
  /**
   * Grows even if the image has /etc/growroot-disabled.
   *
   * @default false
   */
  ignoreGrowrootDisabled?: boolean | string;
}
/**
 * Where the guest gets its time.
 */
export interface Ntp {
  /**
   * Time servers.
   *
   * @default []
   */
  servers?: string[];
  /**
   * Pools of time servers. Default: those of the distribution, if there are no servers either.
   *
   * @default []
   */
  pools?: string[];
  /**
   * The program to set up.
   *
   * @default "auto"
   */
  client?: "auto" | "chrony" | "ntp" | "systemd-timesyncd";
  /**
   * Sets it up.
   *
   * @default true
   */
  enabled?: boolean | string;
}
/**
 * Certificate authorities.
 */
export interface CaCerts {
  /**
   * Certificates (PEM) that the guest trusts.
   *
   * @default []
   */
  trusted?: string[];
  /**
   * Trusts no others.
   *
   * @default false
   */
  removeDefaults?: boolean | string;
}
/**
 * Turns the guest off or restarts it once, at the end of cloud-init.
 */
export interface PowerState {
  /**
   * What happens when cloud-init is done.
   */
  mode: "poweroff" | "reboot" | "halt";
  /**
   * How long after, in whole minutes.
   *
   * @default "0s"
   */
  delay?: string;
  /**
   * How long to wait for cloud-init's end before.
   *
   * @default "30s"
   */
  timeout?: string;
  /**
   * What users who are logged in are told.
   */
  message?: string;
  /**
   * Only if this command succeeds. Default: always.
   */
  condition?: string | string[];
}
/**
 * An HTTP request at the end of cloud-init.
 */
export interface PhoneHome {
  /**
   * Where to post; `$INSTANCE_ID` is filled in.
   */
  url: string;
  /**
   * What to post. Default: everything.
   *
   * @minItems 1
   */
  post?: ("pub_key_rsa" | "pub_key_ecdsa" | "pub_key_ed25519" | "instance_id" | "hostname" | "fqdn")[];
  /**
   * How often to try.
   *
   * @default 10
   */
  tries?: number | string;
}
/**
 * A file with user-data or vendor-data.
 */
export interface UserDataFile {
  /**
   * Path of the file, relative to the lab file.
   */
  file: string;
  /**
   * Replaces `${var:…}`, `${each:…}`, `${env:…}` and `${file:…}` in it.
   *
   * @default false
   */
  template?: boolean;
}
/**
 * Reaches what the lab language does not model: attribute path of the object's main Terraform resource (dots between keys) → value. The plan names what an override touches.
 */
export interface Overrides {
  [k: string]: unknown;
}
/**
 * Named settings that sandboxes (and other profiles) inherit.
 */
export interface Profile extends Defaults {
  /**
   * Profiles to take settings from; later ones win, the sandbox itself wins over all.
   */
  profiles?: string | string[];
}
/**
 * A disk that sandboxes start from. One verified, read-only copy per host; sandboxes get overlays and never write to it.
 */
export interface Image {
  /**
   * A file: qcow2, raw, VMDK or VDI. Relative to the lab file.
   */
  path?: string;
  /**
   * Where to download it.
   */
  url?: string;
  /**
   * SHA-256 of the file as downloaded, in hexadecimal. Needed with `url`; with `path` it is computed and recorded in the lock.
   */
  sha256?: string;
  bootstrap?: Bootstrap;
  /**
   * The size of the disk inside the image, where it is known before the image is there: disks cannot be smaller. Recorded in the lock once the image was prepared.
   */
  size?: string;
}
/**
 * An image made on the host from the distribution's packages, in about a minute. Its identity is the hash of this recipe.
 */
export interface Bootstrap {
  /**
   * Whose packages.
   *
   * @default "debian"
   */
  distribution?: "debian" | "ubuntu";
  /**
   * The release's code name.
   */
  suite: string;
  /**
   * Packages to have in the image, beside what a sandbox needs (kernel, systemd, cloud-init, OpenSSH, guest agent).
   *
   * @default []
   */
  packages?: string[];
  /**
   * Package mirror. Default: the machine's own package sources.
   */
  mirror?: string;
}
/**
 * A network of the lab, on each host that has sandboxes in it.
 */
export interface Network {
  /**
   * `nat`: sandboxes reach the outside through the host. `isolated`: they reach each other and the host only. `routed`: like `nat`, but with their own addresses: whoever is to answer them needs a route to the block through the host. `bridged`: they are on the host's own network, beside the host; what is there gives them their addresses, and no block is planned. `none`: a wire and nothing else: no DHCP, no names, no address of the host.
   *
   * @default "nat"
   */
  mode?: "nat" | "isolated" | "routed" | "bridged" | "none";
  /**
   * Block of addresses, without host bits. Default: planned from 10.128.0.0/9 and recorded in the lock. Of a `bridged` or `none` network: the block that is in use there, needed for a sandbox's `ip`; default: none.
   */
  cidr?: string;
  /**
   * `bridged` with a `cidr`: the router that sandboxes with an `ip` of their own use. Default: none, so they reach their block only.
   */
  gateway?: string;
  /**
   * `bridged`: a bridge that the host has (KVM). Either this or `interface`.
   */
  bridge?: string;
  /**
   * `bridged`: a NIC of the host. On KVM its sandboxes get a macvtap device of it, by which they reach everybody but the host itself; on VirtualBox it is the bridged adapter.
   */
  interface?: string;
  /**
   * `bridged` with a `bridge`: VLAN id of its sandboxes' packets. Needs `openvswitch: true`, or libvirt 11 and a bridge that filters VLANs. For a bridge or NIC that is in the VLAN already (`eth0.42`) leave it out.
   */
  vlan?: number | string;
  /**
   * `bridged`: the bridge is one of Open vSwitch.
   *
   * @default false
   */
  openvswitch?: boolean | string;
  /**
   * DNS domain of the network. Default: `<network>.<lab>.test`.
   */
  domain?: string;
  /**
   * Largest packet, in bytes: of the network's bridge (KVM), and of its sandboxes' NICs. Default: 1500. On a `bridged` network only the sandboxes': the host's bridge or NIC must have it already.
   */
  mtu?: number | string;
  /**
   * Spanning tree protocol on the network's own bridge (KVM).
   *
   * @default true
   */
  stp?: boolean | string;
  /**
   * `nat`: ports of the host that its sandboxes' connections leave from (KVM), as `first-last`.
   *
   * @default "1024-65535"
   */
  ports?: string;
  dns?: NetworkDns;
  /**
   * Further domains in which its sandboxes look for short names, after the network's own.
   *
   * @minItems 1
   */
  search?: string[];
  /**
   * From how many addresses the network gives planned ones. `provider: libvirt` reserves them all when it makes the network: sandboxes come and go within them, and outgrowing them replaces the network. `provider: terrarium` reserves live, and grows by itself. Recorded in the lock.
   *
   * @default 32
   */
  reserve?: number | string;
  overrides?: Overrides;
}
/**
 * What the network's DNS server answers beside its sandboxes' names (KVM).
 */
export interface NetworkDns {
  /**
   * Upstream servers that the network's DNS server asks for what it does not know. Default: those of the host.
   *
   * @minItems 1
   */
  servers?: string[];
  /**
   * Further names that it answers, each with its address: `{ registry.test: 10.20.0.5 }`.
   */
  records?: {
    [k: string]: string;
  };
}
/**
 * A virtual machine.
 */
export interface Sandbox extends Defaults {
  /**
   * Profiles to take settings from; later ones win, the sandbox itself wins over all.
   */
  profiles?: string | string[];
  /**
   * Makes that many: `web` becomes `web-1`, `web-2` … `${each:index}` is the number.
   */
  count?: number | string;
  /**
   * Makes one per key: `web` becomes `web-<key>`. `${each:key}` is the key, `${each:NAME}` a value of its map.
   */
  forEach?:
    | string[]
    | {
        [k: string]: {
          [k: string]: string | number | boolean;
        } | null;
      };
}
/**
 * Who reaches whom.
 */
export interface Reach {
  /**
   * A sandbox; one with `count` or `forEach` means all its copies.
   */
  from: string;
  /**
   * Another sandbox, or an IPv4 address of anybody.
   */
  to: string;
  /**
   * TCP port. Default: none, ping answers.
   */
  port?: number | string;
}
