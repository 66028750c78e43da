import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { seedSecrets } from "../lab/seed-identity.ts";
import type { Lab } from "../lab/lab.ts";
import { nameOfSecret, type SecretReference } from "../lab/text.ts";

/** Gives a reference's secret. */
export type Reveal = (reference: SecretReference) => string;

/** Where secrets come from. */
export interface SecretSources {
  readonly env: Readonly<NodeJS.ProcessEnv>;
  /** Folder that relative paths start from: the lab file's. */
  readonly directory: string;
}

/**
 * Reads every secret of a lab, once, and does `work` with them. Errors that may quote one, as those of libraries do, go on without their text.
 *
 * @throws DiagnosticError SECRET_MISSING, one for each that is not there, by name; never with a value
 */
export async function withSecrets<T>(lab: Lab, sources: SecretSources, work: (reveal: Reveal) => Promise<T>): Promise<T> {
  const values = await readSecrets(lab, sources);
  try {
    return await work((reference) => values.get(nameOfSecret(reference)) ?? "");
  } catch (error) {
    throw withoutText(error);
  }
}

async function readSecrets(lab: Lab, sources: SecretSources): Promise<ReadonlyMap<string, string>> {
  const values = new Map<string, string>();
  const problems: Diagnostic[] = [];
  for (const sandbox of Object.values(lab.sandboxes)) {
    for (const reference of seedSecrets(sandbox)) {
      const name = nameOfSecret(reference);
      if (values.has(name)) continue;
      const value = await readSecret(reference, sources);
      if (value === undefined) problems.push(missing(reference, sandbox.writtenAs));
      values.set(name, value ?? "");
    }
  }
  if (problems.length > 0) throw new DiagnosticError(problems);
  return values;
}

/**
 * An error that nobody expected may quote what it was given, in any encoding: its text is left out, and where it came from stays. Our own diagnostics, and what the operating system says of a file, quote no
 * secret.
 */
function withoutText(error: unknown): unknown {
  if (error instanceof DiagnosticError || !(error instanceof Error) || "syscall" in error) return error;
  const { name, message, stack = "" } = error;
  const safe = new Error(`${name}, whose text is left out: it may quote a secret`);
  safe.stack = `${safe.message}${stack.slice(stack.indexOf(message) + message.length)}`;
  return safe;
}

/** The secret; undefined if it is not there. */
export async function readSecret(reference: SecretReference, { env, directory }: SecretSources): Promise<string | undefined> {
  if ("env" in reference) return env[reference.env];
  const path = reference.file.startsWith("~/") ? join(homedir(), reference.file.slice(2)) : reference.file;
  try {
    return await readFile(isAbsolute(path) ? path : resolve(directory, path), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
}

function missing(reference: SecretReference, sandbox: string): Diagnostic {
  const isVariable = "env" in reference;
  return {
    code: "SECRET_MISSING",
    severity: "error",
    path: ["sandboxes", sandbox],
    summary: `sandbox "${sandbox}" needs the secret ${nameOfSecret(reference)}, and ${isVariable ? "the variable is not set" : "the file cannot be read"}`,
    nextStep: isVariable
      ? `Set ${reference.env} in the environment and run again.`
      : `Put the secret into ${reference.file} and run again.`,
  };
}
