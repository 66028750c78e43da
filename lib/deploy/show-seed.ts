import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import type { SeedContent, SeedIntent } from "../cloud-init/seed-intent.ts";
import type { Lab, LabSandbox } from "../lab/lab.ts";
import { instanceIdOf, seedIdentity, seedSecrets } from "../lab/seed-identity.ts";
import { nameOfSecret } from "../lab/text.ts";
import { generateDeploymentKey, type DeploymentKey } from "../ssh/deployment-key.ts";
import { findDeploymentKey } from "./deployment-key.ts";
import { seedIntent } from "./materialize-seed.ts";
import type { OpenedLab } from "./open-lab.ts";
import { withSecrets } from "./read-secrets.ts";
import { seedFiles } from "./seed-files.ts";
import { stateDirectory } from "./state-directory.ts";

/** A seed, as the guest will read it. */
export interface ShownSeed {
  readonly sandbox: string;
  /** Label of the medium: `cidata` or `config-2`. */
  readonly volumeId: string;
  readonly files: readonly SeedContent[];
}

/** What an apply alone can know stands so in a seed that is shown: the deployment's part of a MAC. */
const unknownDeployment = "****";

/**
 * The files of a sandbox's seed, for people to read; nothing is written.
 *
 * @param options.reveal with every secret in place; without it the name of each stands there between asterisks
 * @throws DiagnosticError UNKNOWN_SANDBOX; BAD_OPTION for a sandbox without a seed, or secrets of a deployment that has no key yet; SECRET_MISSING
 * @example (await showSeed(opened, "web", { env: process.env })).files[0] // { path: "user-data", content: "#cloud-config\n…" }
 */
export async function showSeed(
  { lab, directory }: Pick<OpenedLab, "lab" | "directory">,
  name: string,
  { env, reveal = false }: { readonly env: Readonly<NodeJS.ProcessEnv>; readonly reveal?: boolean },
): Promise<ShownSeed> {
  const sandbox = sandboxWithSeed(lab, name);
  const key = await findDeploymentKey(stateDirectory(directory, lab.name).key, env);
  if (reveal && key === undefined) throw noKey();
  const intent = reveal && key ? await revealed(lab, sandbox, key, { env, directory }) : masked(lab, sandbox, key);
  return { sandbox: name, ...seedFiles(sandbox, intent) };
}

async function revealed(
  lab: Lab,
  sandbox: LabSandbox,
  key: DeploymentKey,
  sources: { readonly env: Readonly<NodeJS.ProcessEnv>; readonly directory: string },
): Promise<SeedIntent> {
  return await withSecrets({ ...lab, sandboxes: { [sandbox.name]: sandbox } }, sources, async (reveal) =>
    seedIntent(lab, sandbox, { key, reveal, deployment: unknownDeployment }),
  );
}

/** Without a key there is nothing yet that could be shown of it. */
function masked(lab: Lab, sandbox: LabSandbox, key: DeploymentKey | undefined): SeedIntent {
  const material = {
    key: key ?? generateDeploymentKey(),
    reveal: (secret) => `***${nameOfSecret(secret)}***`,
    deployment: unknownDeployment,
  } as const satisfies Parameters<typeof seedIntent>[2];
  const intent = seedIntent(lab, sandbox, material);
  const [, ...others] = intent.authorizedKeys;
  return {
    ...intent,
    ...(seedSecrets(sandbox).length > 0 && { instanceId: `${instanceIdOf(lab, sandbox, seedIdentity(lab, sandbox), undefined)}***` }),
    ...(key === undefined && { authorizedKeys: ["***login key, made by the first apply***", ...others] }),
    hostKeys: intent.hostKeys.map((hostKey) => ({
      ...hostKey,
      privateKey: "***SSH host key***",
      ...(key === undefined && { publicKey: "***SSH host key, made by the first apply***" }),
    })),
  };
}

function sandboxWithSeed(lab: Lab, name: string): LabSandbox {
  const sandbox = lab.sandboxes[name];
  const withSeed = Object.values(lab.sandboxes).filter(({ seed }) => seed !== "none");
  if (sandbox && sandbox.seed !== "none") return sandbox;
  throw new DiagnosticError({
    code: sandbox ? "BAD_OPTION" : "UNKNOWN_SANDBOX",
    severity: "error",
    summary: sandbox ? `sandbox "${name}" has no seed: the lab says "seed: none"` : `the lab has no sandbox "${name}"`,
    nextStep: withSeed.length === 0 ? "No sandbox of this lab has one." : `These have one: ${withSeed.map((one) => one.name).join(", ")}.`,
  });
}

function noKey(): DiagnosticError {
  return new DiagnosticError({
    code: "BAD_OPTION",
    severity: "error",
    summary: "there is nothing to reveal yet: the deployment's key is made by the first apply, and its secrets come from it",
    nextStep: "Leave --reveal out: all else is shown as it will be.",
  });
}
