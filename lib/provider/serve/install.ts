import { chmod, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import { lockHash, programName, unpackedDirectory, type ProviderRelease, type TerraformPlatform } from "./mirror-layout.ts";

export interface Installed {
  readonly file: string;
  /** What Terraform's lock file will have. */
  readonly hash: string;
  /** `already`: this very file was in place. `replaced`: another one of the same version was. */
  readonly outcome: "installed" | "already" | "replaced";
}

export interface InstallOptions {
  /** The local mirror: `~/.terraform.d/plugins` is one that Terraform always looks into. */
  readonly mirror: string;
  readonly platform: TerraformPlatform;
  /** Replaces another file of the same version, although lock files may know that one's hash. @default false */
  readonly replace?: boolean;
}

/**
 * Puts a provider into a local mirror. Other versions stay, for configurations whose lock file wants them. Doing it twice changes nothing.
 *
 * @throws DiagnosticError PROVIDER_VERSION_TAKEN if another file has this version already and `replace` is not set; the system's own error if it refuses
 */
export async function installProvider(release: ProviderRelease, { mirror, platform, replace = false }: InstallOptions): Promise<Installed> {
  const directory = unpackedDirectory(mirror, release, platform);
  const file = join(directory, programName(release));
  const hash = lockHash(release);
  const present = await readIfThere(file);
  if (present && Buffer.compare(present, release.program) === 0) {
    if (((await stat(file)).mode & 0o777) !== 0o755) await chmod(file, 0o755);
    return { file, hash, outcome: "already" };
  }
  if (present && !replace) throw new DiagnosticError(taken(file, release));
  await place(file, directory, release.program);
  return { file, hash, outcome: present ? "replaced" : "installed" };
}

/** In one step: Terraform never sees half a file, and never a second one beside it, which would change the hash. */
async function place(file: string, directory: string, program: Uint8Array): Promise<void> {
  await mkdir(directory, { recursive: true });
  const workshop = await mkdtemp(join(dirname(dirname(directory)), ".installing-"));
  try {
    const written = join(workshop, "program");
    await writeFile(written, program);
    await chmod(written, 0o755);
    await rename(written, file);
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function taken(file: string, { version }: ProviderRelease) {
  return {
    code: "PROVIDER_VERSION_TAKEN",
    severity: "error",
    summary: `${file} is another build of version ${version}`,
    detail: "Lock files that know its hash (.terraform.lock.hcl) would refuse the new one.",
    nextStep:
      "Pass --force, and in folders that used the former build remove the provider's entry from .terraform.lock.hcl and run `terraform init`.",
  } as const;
}
