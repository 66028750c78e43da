import { upEmbedded } from "../../host/up.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";

export async function run({ env }: CommandContext, [name = "local"]: readonly string[], _options: CommonOptions): Promise<CommandResult> {
  const host = await upEmbedded(name, { root: env["TERRARIUM_HOST_DIR"] });
  const uplink = host.uplink === "slirp" ? "guests reach the world" : "guests reach only each other: slirp4netns is not installed";
  return {
    exitCode: exitCodes.done,
    text: `Host "${host.name}" is up and stays up: ${host.uri}\n${uplink}. Down again: terrarium host down${name === "local" ? "" : ` ${name}`}\n`,
    document: { ok: true, ...host },
  };
}
