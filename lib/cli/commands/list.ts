import { listHostLabs } from "../../deploy/host-labs.ts";
import { reachHosts } from "../../deploy/reach-hosts.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";
import { labFile } from "../lab-options.ts";
import { renderTable } from "../output/table.ts";

export interface ListOptions extends CommonOptions {
  readonly host?: string;
}

export async function run({ cwd, env }: CommandContext, _args: readonly string[], options: ListOptions): Promise<CommandResult> {
  const hosts = await reachHosts({ file: labFile(options), cwd, env, host: options.host });
  try {
    const listed = await Promise.all(
      hosts.map(async ({ name, uri, hypervisor }) => ({ host: name, uri, labs: await listHostLabs(hypervisor) })),
    );
    const rows = listed.flatMap(({ host, labs }) =>
      labs.map(({ lab, deployment, sandboxes, networks }) => {
        const running = sandboxes.filter(({ state }) => state === "running").length;
        return [host, lab, deployment, `${running} of ${sandboxes.length} running`, String(networks.length)];
      }),
    );
    const text =
      rows.length > 0 ? renderTable(["HOST", "LAB", "DEPLOYMENT", "SANDBOXES", "NETWORKS"], rows) : noLabs(listed.map(({ host }) => host));
    return { exitCode: exitCodes.done, text, document: { hosts: listed } };
  } finally {
    for (const host of hosts) await host.release();
  }
}

function noLabs(hosts: readonly string[]): string {
  return hosts.length === 0 ? "No host is up here.\n" : `No labs on ${hosts.join(", ")}.\n`;
}
