import { join } from "node:path";
import { variable } from "../../stacks/emit/names.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Lab } from "../lab/lab.ts";
import { readTextIfAny } from "./files.ts";
import type { DeployHost } from "./hosts.ts";
import type { StateDirectory } from "./state-directory.ts";

/**
 * Refuses a host whose URI leads elsewhere than at the last apply: Terraform would look for everything there, find nothing, and make it all again, while the old
 * sandboxes go on where they are.
 *
 * @returns one HOST_MOVED for each host with sandboxes of the applied lab
 */
export async function checkHostsStay(
  state: StateDirectory,
  applied: Lab | undefined,
  hosts: readonly Pick<DeployHost, "name" | "uri">[],
): Promise<Diagnostic[]> {
  if (!applied) return [];
  const text = await readTextIfAny(join(state.terraform, "terrarium.auto.tfvars.json"));
  const former = text === undefined ? {} : (JSON.parse(text) as Readonly<Record<string, unknown>>);
  const inUse = new Set(Object.values(applied.sandboxes).map(({ host }) => host));
  return hosts.flatMap(({ name, uri }) => {
    const before = former[variable.hostUri(name)];
    if (!inUse.has(name) || typeof before !== "string" || before === uri) return [];
    return [
      {
        code: "HOST_MOVED" as const,
        severity: "error" as const,
        path: ["hosts", name, "uri"],
        summary: `host "${name}" was ${before} when this lab was applied, and is ${uri} now`,
        nextStep: `Put the former URI back, or \`terrarium destroy\` the lab there before it moves. To use both, give the new one another name.`,
      },
    ];
  });
}
