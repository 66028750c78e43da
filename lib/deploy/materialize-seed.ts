import type { SeedIntent, SeedNic } from "../cloud-init/seed-intent.ts";
import { fillGuestSettings } from "../lab/guest-settings.ts";
import { domainOf, instanceIdOf, isText, seedIdentity, seedSecrets } from "../lab/seed-identity.ts";
import { nameOnHost, networkKey, type Lab, type LabNic, type LabSandbox } from "../lab/lab.ts";
import { deploymentMac, isOpenMac, macBytesOf } from "../lab/plan/deployment-mac.ts";
import { seedNic } from "./seed-nic.ts";
import { fillText, nameOfSecret, type Text } from "../lab/text.ts";
import { textsOf } from "../lab/user-data.ts";
import { isoImage } from "../seed/iso-image.ts";
import { managementMac } from "../hypervisor/virtualbox/management-nic.ts";
import type { DeploymentKey } from "../ssh/deployment-key.ts";
import { hostKeyPair, loginKeyPair, secretFingerprint } from "../ssh/deployment-secrets.ts";
import { seedFiles } from "./seed-files.ts";
import type { Reveal } from "./read-secrets.ts";

/** What a seed is made from, beside the lab. */
export interface SeedMaterial {
  readonly key: DeploymentKey;
  readonly reveal: Reveal;
  /** The deployment's id: MACs in `bridged` networks come from it. @default - the lab has none */
  readonly deployment?: string;
}

/**
 * Fingerprint of a sandbox's secrets under the deployment's key: part of the seed's file name and of its instance-id, so that a changed secret is noticed.
 *
 * @returns undefined for a sandbox without secrets: its names then need no key
 */
export function seedFingerprint(sandbox: LabSandbox, { key, reveal }: SeedMaterial): string | undefined {
  const secrets = seedSecrets(sandbox);
  return secrets.length === 0
    ? undefined
    : secretFingerprint(
        key,
        secrets.flatMap((secret) => [nameOfSecret(secret), reveal(secret)]),
      );
}

/** The seed as an ISO 9660 image. It holds the host's private key and every secret: keep it 0600. */
export function materializeSeed(lab: Lab, sandbox: LabSandbox, material: SeedMaterial): Uint8Array {
  const { volumeId, files } = seedFiles(sandbox, seedIntent(lab, sandbox, material));
  const encoder = new TextEncoder();
  return isoImage({ volumeId, files: files.map(({ path, content }) => ({ path, content: encoder.encode(content) })) });
}

/** What the guest is told, secrets in place. */
export function seedIntent(lab: Lab, sandbox: LabSandbox, material: SeedMaterial): SeedIntent {
  const { key, reveal } = material;
  const fill = (text: Text): string => fillText(text, reveal);
  const { cloudInit } = sandbox;
  const domain = domainOf(lab, sandbox);
  const hostKey = hostKeyPair(key, sandbox.name);
  const settings = fillGuestSettings(cloudInit.settings ?? {}, fill);
  const hostname = cloudInit.hostname ?? sandbox.name;
  const fingerprint = seedFingerprint(sandbox, material);
  return {
    instanceId: instanceIdOf(lab, sandbox, seedIdentity(lab, sandbox), fingerprint),
    hostname,
    fqdn: cloudInit.fqdn ?? (domain === undefined ? undefined : `${hostname}.${domain}`),
    user: sandbox.user,
    authorizedKeys: [
      loginKeyPair(key).publicKey.trim(),
      ...[...sandbox.sshKeys.map(fill), ...(settings.sshKeys ?? [])].map((entry) => entry.trim()),
    ],
    hostKeys: [{ type: "ed25519", privateKey: hostKey.privateKey, publicKey: hostKey.publicKey.trim() }],
    settings,
    diskDevices: diskDevices(lab, sandbox),
    packages: cloudInit.packages,
    runCmd: cloudInit.runCmd.map((command) => (isText(command) ? fill(command) : command.map(fill))),
    writeFiles: cloudInit.writeFiles.map((file) => ({ ...file, content: fill(file.content) })),
    userData: textsOf(cloudInit.userData).map(fill),
    vendorData: textsOf(cloudInit.vendorData).map(fill),
    metaData: cloudInit.metaData,
    networkConfig: cloudInit.networkConfig,
    nics: [...sandbox.nics.map((nic) => seedNic(nic, macOf(nic, material))), ...managementNic(lab, sandbox, material)],
  };
}

/** @throws Error without the deployment's id: who makes seeds for such a lab has to know it */
function macOf({ mac, network }: LabNic, { deployment }: SeedMaterial): string {
  if (!isOpenMac(mac)) return mac;
  if (deployment === undefined) throw new Error(`The MAC in network ${network} needs the deployment's id`);
  return deploymentMac(mac, macBytesOf(deployment));
}

/**
 * Devices of the further disks, after the root disk in the order of the lab: both providers attach them so, virtio on kvm, one SATA controller on VirtualBox, where the seed has the last port.
 */
function diskDevices({ hypervisor }: Lab, { disks }: LabSandbox): Record<string, string> {
  const letters = "abcdefghijklmnopqrstuvwxyz";
  const prefix = hypervisor === "kvm" ? "vd" : "sd";
  return Object.fromEntries(disks.map(({ name }, index) => [name, `/dev/${prefix}${letters[index + 1] ?? ""}`]));
}

/**
 * On VirtualBox nothing but a NAT network leads from the host to a guest: a sandbox in none has a NIC more, hidden from the lab, through which we log in. VirtualBox offers itself as a
 * gateway there, which is not taken: isolated stays isolated.
 */
function managementNic(lab: Lab, sandbox: LabSandbox, material: SeedMaterial): SeedNic[] {
  if (lab.hypervisor !== "virtualbox") return [];
  if (sandbox.nics.some(({ network }) => lab.networks[networkKey(sandbox.host, network)]?.mode === "nat")) return [];
  const nics = sandbox.nics.map((nic) => ({ mac: macOf(nic, material) }));
  const mac = managementMac({ name: nameOnHost(lab, sandbox.name), nics });
  return [{ mac, name: "terrarium0", addressing: "dhcp", nameservers: [], search: [], defaultRoute: false }];
}
