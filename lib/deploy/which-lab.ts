import { readdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import { instanceName } from "../lab/overlay/instance.ts";
import { isMissing, readTextIfAny } from "./files.ts";

/**
 * Which lab a lab file is about, for commands that work on what was applied. The file may be broken by now, or gone: then the only deployment beside it is
 * meant.
 *
 * @throws DiagnosticError NO_DEPLOYMENT if that cannot be told
 */
export async function whichLab({
  file,
  cwd,
  instance,
}: {
  readonly file: string;
  readonly cwd: string;
  /** Name of a second copy of the lab. @default - the lab itself */
  readonly instance?: string;
}): Promise<{ directory: string; name: string }> {
  const path = resolve(cwd, file);
  const directory = dirname(path);
  const deployments = await readDeployments(directory);
  const lab = nameIn(await readTextIfAny(path));
  const name = lab !== undefined && instance !== undefined ? instanceName(lab, instance) : lab;
  if (name !== undefined && (deployments.includes(name) || deployments.length === 0)) return { directory, name };
  const [only, ...others] = instance === undefined ? deployments : deployments.filter((one) => one.endsWith(`-${instance}`));
  if (name === undefined && only !== undefined && others.length === 0) return { directory, name: only };
  throw new DiagnosticError({
    code: "NO_DEPLOYMENT",
    severity: "error",
    summary:
      name === undefined
        ? `${file} does not say which lab is meant, and ${deployments.length === 0 ? "nothing was applied from its folder" : `these were applied from its folder: ${deployments.join(", ")}`}`
        : `nothing of lab "${name}" has been applied from here; there is ${deployments.join(", ")}`,
    nextStep: "Name the lab file with -f, or run `terrarium apply` first.",
  });
}

/** Names of the labs that have a state directory in a folder. */
export async function readDeployments(directory: string): Promise<string[]> {
  try {
    const entries = await readdir(join(directory, ".terrarium"), { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** The `lab:` of a file that may not be YAML at all. */
export function nameIn(text: string | undefined): string | undefined {
  const line = text === undefined ? undefined : /^lab:.*$/m.exec(text.slice(0, 1_000_000))?.[0];
  if (line === undefined) return undefined;
  try {
    const { lab } = parse(line) as { lab: unknown };
    return typeof lab === "string" ? lab : undefined;
  } catch (error) {
    // A line that is no YAML names no lab; whoever parses the file reports it.
    if (error instanceof Error) return undefined;
    throw error;
  }
}
