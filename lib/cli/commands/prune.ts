import { listHostLabs, type HostLab } from "../../deploy/host-labs.ts";
import { leftovers, ownDeployment, removeHostLab } from "../../deploy/prune.ts";
import { reachHosts, type ReachedHost } from "../../deploy/reach-hosts.ts";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import { confirm } from "../confirm.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";
import { labFile } from "../lab-options.ts";
import { counted } from "../output/counted.ts";
import { escapeLine } from "../output/escape.ts";

export interface PruneOptions extends CommonOptions {
  readonly host?: string;
  readonly deployment?: readonly string[];
  readonly yes?: boolean;
}

interface Found {
  readonly host: ReachedHost;
  readonly labs: readonly HostLab[];
}

export async function run(context: CommandContext, _args: readonly string[], options: PruneOptions): Promise<CommandResult> {
  const place = { file: labFile(options), cwd: context.cwd, instance: options.instance };
  const hosts = await reachHosts({ ...place, env: context.env, host: options.host });
  try {
    const found = await Promise.all(hosts.map(async (host): Promise<Found> => ({ host, labs: await listHostLabs(host.hypervisor) })));
    const own = await ownDeployment(place);
    const doomed = found.flatMap(({ host, labs }) => chosen(labs, own, options).map((lab) => ({ host, lab })));
    requireKnown(found, own, options.deployment ?? []);
    const others = found.flatMap(({ labs }) => labs).filter(({ deployment, sandboxes }) => deployment !== own && sandboxes.length > 0);
    if (doomed.length === 0) return { exitCode: exitCodes.done, text: nothing(others), document: { ok: true, removed: [] } };
    const lines = doomed.map(({ host, lab }) => `  ${escapeLine(`${host.name}: ${describe(lab)}`)}\n`).join("");
    context.stderr.write(`To be removed, with all data:\n${lines}`);
    await confirm(context, `Remove ${counted(doomed.length, "deployment")}?`, options.yes);
    for (const { host, lab } of doomed) await removeHostLab(host.hypervisor, lab);
    const removed = doomed.map(({ host, lab: { lab, deployment } }) => ({ host: host.name, lab, deployment }));
    return { exitCode: exitCodes.done, text: `Removed ${counted(doomed.length, "deployment")}.\n`, document: { ok: true, removed } };
  } finally {
    for (const host of hosts) await host.release();
  }
}

function chosen(labs: readonly HostLab[], own: string | undefined, { deployment: named }: PruneOptions): readonly HostLab[] {
  return named ? labs.filter(({ deployment }) => named.includes(deployment) && deployment !== own) : leftovers(labs, own);
}

function requireKnown(found: readonly Found[], own: string | undefined, named: readonly string[]): void {
  for (const id of named) {
    const isOwn = id === own;
    if (!isOwn && found.some(({ labs }) => labs.some(({ deployment }) => deployment === id))) continue;
    throw new DiagnosticError({
      code: "NOTHING_FOUND",
      severity: "error",
      summary: isOwn ? `deployment ${id} is the one that was applied from here` : `no host here has a deployment ${id}`,
      nextStep: isOwn ? "Remove it with terrarium destroy." : "terrarium list shows all there are.",
    });
  }
}

function describe({ lab, deployment, sandboxes, networks, pools }: HostLab): string {
  const parts = [
    ...(sandboxes.length > 0 ? [counted(sandboxes.length, "sandbox", "sandboxes")] : []),
    ...(networks.length > 0 ? [counted(networks.length, "network")] : []),
    ...(pools.length > 0 ? [counted(pools.length, "storage pool")] : []),
  ];
  return `lab ${lab}, deployment ${deployment}: ${parts.join(", ")}`;
}

function nothing(others: readonly HostLab[]): string {
  const hint = others.map((lab) => `  terrarium prune --deployment ${lab.deployment}   # ${escapeLine(describe(lab))}\n`).join("");
  return hint === "" ? "Nothing to remove.\n" : `No leftovers. Deployments with sandboxes are removed only by name:\n${hint}`;
}
