import { createHash } from "node:crypto";
import { canonicalJson } from "./canonical-json.ts";
import { secretsWithin } from "./guest-settings.ts";
import { networkKey, type Lab, type LabSandbox } from "./lab.ts";
import { secretsOf, type SecretReference, type Text } from "./text.ts";
import { textsOf } from "./user-data.ts";

/**
 * The two names of a seed, both hashes of the *declaration*, never of emitted bytes, so that a new release of ours reseeds nobody. Secrets stand in them
 * by the name of their reference; a change of their content is told by a fingerprint that *prepare* knows (`fingerprint`).
 */
export interface SeedIdentity {
  /** Host name, network and cloud-init: names the seed's file. A new one swaps the seed, and the sandbox reboots. */
  readonly contentId: string;
  /** The declared cloud-init only: goes into the instance-id. A new one makes cloud-init run again. */
  readonly cloudInitId: string;
  /**
   * The network of a ConfigDrive: goes into the instance-id, too. cloud-init reads it once per instance; where it is told to read it at each boot, as from other seeds,
   * it fails (22.4 to 26.2: `_network_config` stays "_unset").
   */
  readonly networkId?: string;
}

/** @returns 12 hexadecimal digits each */
export function seedIdentity(lab: Lab, sandbox: LabSandbox): SeedIdentity {
  if (sandbox.identity) return sandbox.identity;
  const { packages, runCmd, writeFiles, userData, vendorData, metaData, settings } = sandbox.cloudInit;
  // What nobody wrote is undefined here and in no hash: a lab that knows nothing of a new key keeps its names.
  const diskPositions = settings?.disks?.map(({ disk }) => sandbox.disks.findIndex(({ name }) => name === disk));
  const { user, sshKeys } = sandbox;
  const cloudInit = { packages, runCmd, writeFiles, userData, vendorData, metaData, user, sshKeys, settings, diskPositions };
  // Where changes are ignored a new root disk brings the new seed, under a name of its own.
  const rootDisk = sandbox.cloudInit.onChange === "ignore" ? rootDiskIdentity(lab, sandbox) : undefined;
  return {
    contentId: shortHash({ ...surroundings(lab, sandbox), cloudInit, rootDisk }),
    cloudInitId: shortHash(cloudInit),
    ...(sandbox.seed === "configdrive" && { networkId: shortHash(sandbox.nics) }),
  };
}

/** True if a guest with one of them that gets the other runs nothing again. */
export function isSameInstance(one: SeedIdentity, other: SeedIdentity): boolean {
  return one.cloudInitId === other.cloudInitId && one.networkId === other.networkId;
}

/** Hash of what a seed says beside cloud-init: names and network. */
export function surroundingsId(lab: Lab, sandbox: LabSandbox): string {
  return shortHash(surroundings(lab, sandbox));
}

function surroundings(lab: Lab, sandbox: LabSandbox): object {
  const { name, nics, seed } = sandbox;
  const { networkConfig, hostname, fqdn } = sandbox.cloudInit;
  return { name, lab: lab.name, seed, domain: domainOf(lab, sandbox), network: { nics, networkConfig }, hostname, fqdn };
}

/** What decides whether a root disk is made anew: its image and, where the provider cannot grow a disk, its size. */
export function rootDiskIdentity(lab: Lab, { image, disk }: LabSandbox): string {
  const digest = lab.images[image]?.digest ?? "";
  return lab.provider === "libvirt" ? `${digest}/${disk}` : digest;
}

/**
 * Name of a seed's file, everywhere: `web-1.4f2a9c01d3be.iso`. A sandbox with secrets has their fingerprint after the hash.
 *
 * @param fingerprint a value, or Terraform's expression for it; empty without secrets
 */
export function seedFileName(sandbox: Pick<LabSandbox, "name">, { contentId }: SeedIdentity, fingerprint = ""): string {
  return `${sandbox.name}.${contentId}${fingerprint}.iso`;
}

/** The instance-id that the seed gives: cloud-init runs everything again when it sees a new one. */
export function instanceIdOf(
  lab: Pick<Lab, "name">,
  sandbox: Pick<LabSandbox, "name">,
  { cloudInitId, networkId }: SeedIdentity,
  fingerprint?: string,
): string {
  const optional = [networkId, fingerprint].filter((part) => part !== undefined);
  return [lab.name, sandbox.name, cloudInitId, ...optional].join("-");
}

/** The domain of the sandbox's fully qualified name: that of its first network. */
export function domainOf(lab: Lab, sandbox: LabSandbox): string | undefined {
  const first = sandbox.nics[0];
  return first === undefined ? undefined : lab.networks[networkKey(sandbox.host, first.network)]?.domain;
}

/** Every secret that its seed needs, in the order of the declaration. */
export function seedSecrets(sandbox: LabSandbox): readonly SecretReference[] {
  const { runCmd, writeFiles, userData, vendorData, settings } = sandbox.cloudInit;
  const texts: Text[] = [
    ...sandbox.sshKeys,
    ...runCmd.flatMap((command) => (isText(command) ? [command] : command)),
    ...writeFiles.map((file) => file.content),
  ];
  texts.push(...textsOf(userData));
  // In this order since the first release: the fingerprint of secrets depends on it.
  return [...texts.flatMap(secretsOf), ...secretsWithin(settings), ...textsOf(vendorData).flatMap(secretsOf)];
}

/** Tells a command given as one text from one given as a list of arguments. */
export function isText(command: Text | readonly Text[]): command is Text {
  return !Array.isArray(command);
}

/** The first 12 hexadecimal digits of the SHA-256 of a value's canonical JSON. */
export function shortHash(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex").slice(0, 12);
}
