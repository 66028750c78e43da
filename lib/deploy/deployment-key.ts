import { readFile } from "node:fs/promises";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import { generateDeploymentKey, parseDeploymentKey, type DeploymentKey } from "../ssh/deployment-key.ts";
import { writeKeyFile } from "../ssh/write-key-file.ts";
import { isMissing } from "./files.ts";

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

/** Like `findDeploymentKey`; makes one where there is none. */
export async function ensureDeploymentKey(file: string, env: Readonly<NodeJS.ProcessEnv>): Promise<DeploymentKey> {
  const found = await findDeploymentKey(file, env);
  if (found) return found;
  const key = generateDeploymentKey();
  await writeKeyFile(file, `${key.reveal()}\n`);
  return key;
}

function parse(text: string, source: string): DeploymentKey {
  const { value, diagnostics } = parseDeploymentKey(text, source);
  if (!value) throw new DiagnosticError(diagnostics);
  return value;
}
