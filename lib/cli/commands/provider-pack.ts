import { resolve } from "node:path";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import { packedPlatforms, type TerraformPlatform } from "../../provider/serve/mirror-layout.ts";
import { packProvider } from "../../provider/serve/pack.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";
import { readProviderRelease } from "../provider-release.ts";

export interface ProviderPackOptions extends CommonOptions {
  readonly platform?: readonly string[];
}

export async function run(
  { cwd }: CommandContext,
  [directory = "."]: readonly string[],
  options: ProviderPackOptions,
): Promise<CommandResult> {
  const platforms = options.platform?.map(checkPlatform) ?? packedPlatforms;
  const release = await readProviderRelease();
  const files = await packProvider(release, resolve(cwd, directory), platforms);
  const { address, version } = release;
  return { exitCode: exitCodes.done, text: files.map((file) => `${file}\n`).join(""), document: { ok: true, address, version, files } };
}

function checkPlatform(platform: string): TerraformPlatform {
  if ((packedPlatforms as readonly string[]).includes(platform)) return platform as TerraformPlatform;
  throw new DiagnosticError({
    code: "BAD_OPTION",
    severity: "error",
    summary: `--platform takes a platform that can execute the provider, got "${platform}"`,
    nextStep: `One of ${packedPlatforms.join(", ")}.`,
  });
}
