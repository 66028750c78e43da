import { createHash } from "node:crypto";
import { join } from "node:path";

/** A provider that is to be put where Terraform finds it. */
export interface ProviderRelease {
  /** `HOST/NAMESPACE/TYPE`. */
  readonly address: string;
  /** Semantic version, without `v`. */
  readonly version: string;
  /** The whole provider: one executable file. */
  readonly program: Uint8Array;
}

/** An operating system and a processor, as Terraform names them: `linux_amd64`. */
export type TerraformPlatform = `${string}_${string}`;

/** Platforms on which the provider's one file runs as it is. Windows cannot execute a script. */
export const packedPlatforms: readonly TerraformPlatform[] = ["darwin_amd64", "darwin_arm64", "linux_amd64", "linux_arm64"];

/** Terraform's name for a platform of Node. */
export function terraformPlatform(platform: NodeJS.Platform, arch: NodeJS.Architecture): TerraformPlatform {
  const systems: Partial<Record<NodeJS.Platform, string>> = { win32: "windows", sunos: "solaris" };
  const processors: Partial<Record<NodeJS.Architecture, string>> = { x64: "amd64", ia32: "386" };
  return `${systems[platform] ?? platform}_${processors[arch] ?? arch}`;
}

/**
 * Name of the executable inside a mirror. Terraform takes the first file that begins with `terraform-provider-TYPE_`; for Node it must end
 * in `.cjs`, lest a package.json above it decide what it is.
 */
export function programName({ address, version }: ProviderRelease): string {
  return `terraform-provider-${typeOf(address)}_v${version}.cjs`;
}

/** Directory of an unpacked provider inside a mirror. */
export function unpackedDirectory(mirror: string, { address, version }: ProviderRelease, platform: TerraformPlatform): string {
  return join(mirror, ...address.split("/"), version, platform);
}

/** Name of a packed provider; it lies in the address's directory of a mirror. */
export function archiveName({ address, version }: ProviderRelease, platform: TerraformPlatform): string {
  return `terraform-provider-${typeOf(address)}_${version}_${platform}.zip`;
}

/** The hash that Terraform's lock file has for the provider: of names and contents, the same for all platforms. */
export function lockHash(release: ProviderRelease): string {
  const content = createHash("sha256").update(release.program).digest("hex");
  return `h1:${createHash("sha256")
    .update(`${content}  ${programName(release)}\n`)
    .digest("base64")}`;
}

function typeOf(address: string): string {
  return address.split("/").at(-1) ?? address;
}
