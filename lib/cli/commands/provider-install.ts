import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { installProvider } from "../../provider/serve/install.ts";
import { terraformPlatform } from "../../provider/serve/mirror-layout.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";
import { readProviderRelease } from "../provider-release.ts";

export interface ProviderInstallOptions extends CommonOptions {
  readonly mirror?: string;
  readonly force?: boolean;
}

export async function run({ cwd, env }: CommandContext, _args: readonly string[], options: ProviderInstallOptions): Promise<CommandResult> {
  const release = await readProviderRelease();
  const mirror = options.mirror ? resolve(cwd, options.mirror) : join(env["HOME"] ?? homedir(), ".terraform.d/plugins");
  const platform = terraformPlatform(process.platform, process.arch);
  const installed = await installProvider(release, { mirror, platform, replace: options.force });
  const { address, version } = release;
  const said = { installed: "is installed", already: "was installed already", replaced: "has replaced another build" }[installed.outcome];
  const text = `Provider ${address} ${version} ${said}: ${installed.file}\n`;
  return { exitCode: exitCodes.done, text, document: { ok: true, address, version, ...installed } };
}
