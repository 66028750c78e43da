import { execFile } from "node:child_process";
import { access, constants, stat } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";
import { promisify } from "node:util";
import gte from "semver/functions/gte.js";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import { terraformEnvironment } from "./environment.ts";

/** The program that plans and applies. */
export interface Engine {
  readonly product: "terraform" | "opentofu";
  /** `1.11.4`. */
  readonly version: string;
  /** Absolute path of the program. */
  readonly path: string;
}

/** The oldest versions that Terrarium works with. OpenTofu has `init -json` since 1.8; only Terraform is tested. */
const oldestEngine = { terraform: "1.11.0", opentofu: "1.9.0" } as const;

const installation =
  "Install Terraform 1.11 or newer (developer.hashicorp.com/terraform/install) or OpenTofu (opentofu.org/docs/intro/install)";

/**
 * Finds the engine: what `TERRAFORM_BINARY_NAME` names (a name on PATH or a path; cdktf's variable), else `terraform` on PATH, else `tofu`.
 *
 * @throws DiagnosticError ENGINE_MISSING or ENGINE_TOO_OLD
 */
export async function findEngine(env: Readonly<NodeJS.ProcessEnv>): Promise<Engine> {
  return await identifyEngine(await findEnginePath(env), env);
}

/**
 * The program alone, without starting it.
 *
 * @throws DiagnosticError ENGINE_MISSING
 */
export async function findEnginePath(env: Readonly<NodeJS.ProcessEnv>): Promise<string> {
  const named = env["TERRAFORM_BINARY_NAME"];
  const path = named ? await findProgram(named, env) : ((await findProgram("terraform", env)) ?? (await findProgram("tofu", env)));
  if (path !== undefined) return path;
  throw new DiagnosticError({
    code: "ENGINE_MISSING",
    severity: "error",
    summary: named
      ? `TERRAFORM_BINARY_NAME is "${named}", but there is no such program${named.includes("/") ? "" : " on PATH"}`
      : "neither terraform nor tofu is on PATH",
    nextStep: named ? "Correct TERRAFORM_BINARY_NAME, or unset it to use terraform or tofu from PATH." : `${installation}.`,
  });
}

/**
 * What a program is, as it says itself: a tenth of a second.
 *
 * @throws DiagnosticError ENGINE_MISSING for another program, ENGINE_TOO_OLD
 */
export async function identifyEngine(path: string, env: Readonly<NodeJS.ProcessEnv>): Promise<Engine> {
  const engine = { path, ...(await readVersion(path, env)) };
  const oldest = oldestEngine[engine.product];
  if (gte(engine.version, oldest)) return engine;
  throw new DiagnosticError({
    code: "ENGINE_TOO_OLD",
    severity: "error",
    summary: `${path} is ${engine.product === "terraform" ? "Terraform" : "OpenTofu"} ${engine.version}; Terrarium needs ${oldest} or newer`,
    nextStep: `${installation}, or name another program with TERRAFORM_BINARY_NAME.`,
  });
}

async function findProgram(name: string, env: Readonly<NodeJS.ProcessEnv>): Promise<string | undefined> {
  const candidates = name.includes("/")
    ? [resolve(name)]
    : (env["PATH"] ?? "").split(delimiter).map((folder) => resolve(join(folder, name)));
  for (const candidate of candidates) {
    if (await isProgram(candidate)) return candidate;
  }
  return undefined;
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch (error) {
    // Absent, a folder on the way that is none, not ours to run: PATH search goes on, as a shell's does.
    if (error instanceof Error && "code" in error) return false;
    throw error;
  }
}

/** `terraform version` in words: its JSON does not tell Terraform from OpenTofu. */
async function readVersion(path: string, env: Readonly<NodeJS.ProcessEnv>): Promise<Pick<Engine, "product" | "version">> {
  const refuse = (found: string, cause?: unknown) =>
    new DiagnosticError(
      {
        code: "ENGINE_MISSING",
        severity: "error",
        summary: `${path} is neither Terraform nor OpenTofu: "${path} version" ${found}`,
        detail: wordsOf(cause),
        nextStep: `${installation}, or name the right program with TERRAFORM_BINARY_NAME.`,
      },
      { cause },
    );
  let output: string;
  try {
    output = (await promisify(execFile)(path, ["version"], { env: terraformEnvironment(env), timeout: 30_000 })).stdout;
  } catch (error) {
    throw refuse("failed", error);
  }
  const match = /^(Terraform|OpenTofu) v(\d+\.\d+\.\d+\S*)$/m.exec(output);
  if (match?.[2] === undefined) throw refuse(`printed ${JSON.stringify(output.slice(0, 80))}`);
  return { product: match[1] === "OpenTofu" ? "opentofu" : "terraform", version: match[2] };
}

/** What a program that failed wrote on its standard error. */
function wordsOf(error: unknown): string | undefined {
  const words = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
  return words === "" ? undefined : words;
}
