import { listImageUse, type ImageUse } from "../deploy/images-in-use.ts";
import { reachHosts } from "../deploy/reach-hosts.ts";
import type { CommandContext, CommonOptions } from "./context.ts";
import { labFile } from "./lab-options.ts";

/** All images of this machine with what uses them, on every host that can be reached from here. */
export async function readImageUse({ cwd, env }: CommandContext, options: CommonOptions): Promise<ImageUse[]> {
  const hosts = await reachHosts({ file: labFile(options), cwd, env });
  try {
    return await listImageUse({ hosts });
  } finally {
    for (const host of hosts) await host.release();
  }
}
