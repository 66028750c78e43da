import { readFile } from "node:fs/promises";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { generateDeploymentKey, parseDeploymentKey, type DeploymentKey } from "../ssh/deployment-key.ts";
import { writeKeyFile } from "../ssh/write-key-file.ts";
import { isMissing, readTextIfAny } from "./files.ts";
import type { StateDirectory } from "./state-directory.ts";

/**
 * The deployment's key: `TERRARIUM_KEY`, else the file; undefined if there is none yet.
 *
 * @throws DiagnosticError DEPLOYMENT_KEY_INVALID
 */
export async function findDeploymentKey(file: string, env: Readonly<NodeJS.ProcessEnv>): Promise<DeploymentKey | undefined> {
  const fromEnvironment = env["TERRARIUM_KEY"];
  if (fromEnvironment !== undefined && fromEnvironment !== "") return parse(fromEnvironment, "TERRARIUM_KEY");
  try {
    return parse(await readFile(file, "utf8"), file);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export interface KeyRules {
  /** True if something was made with a key already: then there is one somewhere. */
  readonly deployed: boolean;
  /** The user's word that the former key is gone for good. @default false */
  readonly newKey?: boolean;
}

/**
 * Like `findDeploymentKey`; makes one where there was never any.
 *
 * @throws DiagnosticError KEY_LOST where there was one: another one opens nothing that is there
 */
export async function ensureDeploymentKey(
  file: string,
  env: Readonly<NodeJS.ProcessEnv>,
  { deployed, newKey }: KeyRules,
): Promise<DeploymentKey> {
  const found = await findDeploymentKey(file, env);
  if (found) return found;
  if (deployed && !newKey) throw new DiagnosticError(keyLost(file));
  const key = generateDeploymentKey();
  await writeKeyFile(file, `${key.reveal()}\n`);
  return key;
}

/**
 * What a login needs: the key, or the login key that was once made from it.
 *
 * @throws DiagnosticError KEY_LOST
 */
export async function requireLogin(
  { key, identity }: Pick<StateDirectory, "key" | "identity">,
  env: Readonly<NodeJS.ProcessEnv>,
): Promise<void> {
  if ((await findDeploymentKey(key, env)) === undefined && (await readTextIfAny(identity)) === undefined)
    throw new DiagnosticError(keyLost(key));
}

function keyLost(file: string): Diagnostic {
  return {
    code: "KEY_LOST",
    severity: "error",
    summary: `this lab was applied with a key that is not here: there is no ${file}, and TERRARIUM_KEY is not set`,
    detail:
      "From it come the login and the host keys of all its sandboxes, and the fingerprints that tell a changed secret.\n" +
      "With a new one (--new-key) nobody can log in to sandboxes that are there, until they are rebuilt, and those with secrets run cloud-init again.",
    nextStep:
      "Copy that file from the machine that applied the lab, or set TERRARIUM_KEY to its content. If it is gone for good, add --new-key.",
  };
}

function parse(text: string, source: string): DeploymentKey {
  const { value, diagnostics } = parseDeploymentKey(text, source);
  if (!value) throw new DiagnosticError(diagnostics);
  return value;
}
