import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import { gitLine } from "./git.ts";

export interface Repository {
  /** Absolute path of the working tree. */
  readonly root: string;
  /** The working directory within it: empty, or a path with a slash at its end. */
  readonly prefix: string;
}

/** @throws DiagnosticError NO_REPOSITORY */
export async function findRepository(cwd: string): Promise<Repository> {
  const root = await gitLine(cwd, ["rev-parse", "--show-toplevel"]);
  if (root !== undefined) return { root, prefix: (await gitLine(cwd, ["rev-parse", "--show-prefix"])) ?? "" };
  throw new DiagnosticError({
    code: "NO_REPOSITORY",
    severity: "error",
    summary: `${cwd} is in no git repository`,
    nextStep: "Run it in a checkout, or review a plan: `terrarium review --plan FILE`.",
  });
}

/**
 * The commit that a name means.
 *
 * @throws DiagnosticError GIT_REF_UNKNOWN
 */
export async function commitOf({ root }: Repository, name: string): Promise<string> {
  const commit = await gitLine(root, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`]);
  if (commit !== undefined && /^[0-9a-f]{40,64}$/.test(commit)) return commit;
  throw new DiagnosticError({
    code: "GIT_REF_UNKNOWN",
    severity: "error",
    summary: `the repository has no commit called ${JSON.stringify(name)}`,
    nextStep: "Fetch it (`git fetch origin`), or name another one with --base; in CI check out with the whole history (`fetch-depth: 0`).",
  });
}

/** Where two commits parted; undefined where they have nothing in common, or a shallow clone does not know. */
export async function mergeBase({ root }: Repository, one: string, other: string): Promise<string | undefined> {
  return await gitLine(root, ["merge-base", one, other]);
}
