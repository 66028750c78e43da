import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import { probeAccelerator, type Accelerator } from "../../host/accelerator.ts";
import { listEmbedded, readEmbedded, type EmbeddedHost } from "../../host/embedded-host.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";
import { escapeLine } from "../output/escape.ts";
import { renderTable } from "../output/table.ts";

export async function run({ env }: CommandContext, [name]: readonly string[], _options: CommonOptions): Promise<CommandResult> {
  const root = env["TERRARIUM_HOST_DIR"];
  const hosts = name === undefined ? await listEmbedded({ root }) : [await named(name, root)];
  const looked = await Promise.all(
    hosts.map(async (host) => ({ ...host, ...(host.up && { accelerator: await accelerator(host, root) }) })),
  );
  const reasons = looked.flatMap(({ name: host, accelerator: found }) =>
    found?.reason === undefined ? [] : [`${escapeLine(`${host}: ${found.kind}, because ${found.reason}`)}\n`],
  );
  const text = hosts.length === 0 ? "No host of Terrarium's own on this machine.\n" : table(looked) + reasons.join("");
  return { exitCode: exitCodes.done, text, document: { hosts: looked } };
}

interface LookedHost extends EmbeddedHost {
  /** Of a host that is up. */
  readonly accelerator?: Accelerator;
}

async function accelerator({ name, uri }: EmbeddedHost, root: string | undefined): Promise<Accelerator> {
  return await probeAccelerator({ uri, embedded: name }, { root });
}

function table(hosts: readonly LookedHost[]): string {
  return renderTable(
    ["HOST", "STATE", "GUESTS RUN UNDER", "GOES DOWN", "UPLINK", "URI"],
    hosts.map(({ name, up, accelerator: found, onDemand, uplink, uri }) => [
      name,
      up ? "up" : "down",
      found?.kind ?? "",
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
