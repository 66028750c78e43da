import { joinCloudInit } from "../lib/lab/join-cloud-init.ts";
import type { WrittenCloudInit } from "../lib/lab/written-lab.ts";

/** What cloud-init does: a piece that was built, or the same keys as in YAML; see docs/reference/lab.md#cloud-init. */
export type CloudInitProps = WrittenCloudInit | Pick<CloudInit, "written">;

type Value<Key extends keyof WrittenCloudInit> = NonNullable<WrittenCloudInit[Key]>;
type Item<Key extends keyof WrittenCloudInit> = Value<Key> extends readonly (infer Each)[] ? Each : never;
/** A part of `userData` or `vendorData`. */
type Part = Exclude<Value<"userData">, readonly unknown[]>;

/**
 * A piece of what cloud-init does, built key by key under the names of YAML. It never changes: every method gives another one that has more, so that pieces can be shared.
 *
 * Pieces join by one rule (`lib/lab/join-cloud-init.ts`): lists follow one another, parts of user-data and vendor-data, too; maps such as `apt` merge by key; of two other values the later one's stays.
 *
 * @example
 * const monitored = new CloudInit().packages("node-exporter").runCmd("systemctl start node-exporter");
 * new Sandbox(lab, "web", { cloudInit: monitored.packages("nginx") });
 */
export class CloudInit {
  /** The same as YAML says it. */
  readonly written: WrittenCloudInit;

  constructor(props: CloudInitProps = {}) {
    this.written = writtenCloudInit(props);
  }

  /** Everything of this one, followed by another. */
  with(piece: CloudInitProps): CloudInit {
    return new CloudInit(joinCloudInit(this.written, writtenCloudInit(piece)));
  }

  hostname = (name: Value<"hostname">): CloudInit => this.with({ hostname: name });
  fqdn = (name: Value<"fqdn">): CloudInit => this.with({ fqdn: name });
  users = (...users: Item<"users">[]): CloudInit => this.with({ users });
  sshKeys = (...keys: Item<"sshKeys">[]): CloudInit => this.with({ sshKeys: keys });
  packages = (...names: Item<"packages">[]): CloudInit => this.with({ packages: names });
  packageUpdate = (update: Value<"packageUpdate"> = true): CloudInit => this.with({ packageUpdate: update });
  packageUpgrade = (upgrade: Value<"packageUpgrade"> = true): CloudInit => this.with({ packageUpgrade: upgrade });
  apt = (apt: Value<"apt">): CloudInit => this.with({ apt });
  yum = (yum: Value<"yum">): CloudInit => this.with({ yum });
  proxy = (proxy: Value<"proxy">): CloudInit => this.with({ proxy });
  writeFiles = (...files: Item<"writeFiles">[]): CloudInit => this.with({ writeFiles: files });
  runCmd = (...commands: Item<"runCmd">[]): CloudInit => this.with({ runCmd: commands });
  bootCmd = (...commands: Item<"bootCmd">[]): CloudInit => this.with({ bootCmd: commands });
  disks = (...disks: Item<"disks">[]): CloudInit => this.with({ disks });
  mounts = (...mounts: Item<"mounts">[]): CloudInit => this.with({ mounts });
  growPart = (growPart: Value<"growPart">): CloudInit => this.with({ growPart });
  ntp = (ntp: Value<"ntp">): CloudInit => this.with({ ntp });
  timezone = (zone: Value<"timezone">): CloudInit => this.with({ timezone: zone });
  locale = (locale: Value<"locale">): CloudInit => this.with({ locale });
  caCerts = (certificates: Value<"caCerts">): CloudInit => this.with({ caCerts: certificates });
  powerState = (state: Value<"powerState">): CloudInit => this.with({ powerState: state });
  phoneHome = (request: Value<"phoneHome">): CloudInit => this.with({ phoneHome: request });
  userData = (...parts: Part[]): CloudInit => this.with({ userData: parts });
  vendorData = (...parts: Part[]): CloudInit => this.with({ vendorData: parts });
  metaData = (keys: Value<"metaData">): CloudInit => this.with({ metaData: keys });
  networkConfig = (config: Value<"networkConfig">): CloudInit => this.with({ networkConfig: config });
  onChange = (reaction: Value<"onChange">): CloudInit => this.with({ onChange: reaction });
}

/** By its form and not by its class: two copies of this package in one tree still understand each other. */
export function writtenCloudInit(piece: CloudInitProps): WrittenCloudInit {
  return "written" in piece ? piece.written : piece;
}
