import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import { listEmbedded, readEmbedded, type EmbeddedHost } from "../../host/embedded-host.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";
import { renderTable } from "../output/table.ts";

export async function run({ env }: CommandContext, [name]: readonly string[], _options: CommonOptions): Promise<CommandResult> {
  const root = env["TERRARIUM_HOST_DIR"];
  const hosts = name === undefined ? await listEmbedded({ root }) : [await named(name, root)];
  const text = hosts.length === 0 ? "No host of Terrarium's own on this machine.\n" : table(hosts);
  return { exitCode: exitCodes.done, text, document: { hosts } };
}

function table(hosts: readonly EmbeddedHost[]): string {
  return renderTable(
    ["HOST", "STATE", "GOES DOWN", "UPLINK", "URI"],
    hosts.map(({ name, up, onDemand, uplink, uri }) => [
      name,
      up ? "up" : "down",
      onDemand ? "with its last sandbox" : "when told to",
      uplink,
      uri,
    ]),
  );
}

async function named(name: string, root: string | undefined): Promise<EmbeddedHost> {
  const host = await readEmbedded(name, { root });
  if (host) return host;
  throw new DiagnosticError({
    code: "NOTHING_FOUND",
    severity: "error",
    summary: `there is no host "${name}" of Terrarium's own on this machine`,
    nextStep: `Bring it up: terrarium host up ${name}. All there are: terrarium host status.`,
  });
}
