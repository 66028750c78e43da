import type { Context } from "../../framework/resource.ts";
import type { Client, OpenHost } from "../client.ts";
import { knownOwner } from "../client.ts";
import { step } from "../steps.ts";
import { sandboxSpec } from "./sandbox-spec.ts";
import { sandboxState } from "./sandbox-state.ts";
import { readSurroundings } from "./surroundings.ts";

/**
 * Takes a disk that is about to go out of the sandbox that still has it: Terraform destroys a disk before it updates the sandbox that no longer names it. One that a
 * sandbox boots from stays: that sandbox goes first.
 */
export async function detachDisk(host: OpenHost, context: Pick<Context<Client>, "signal" | "provider">, id: string): Promise<void> {
  const disk = await host.view.disk(id);
  if (!disk) return;
  const users = (await host.view.sandboxes()).filter(
    ({ owner, disks }) =>
      owner?.deployment === context.provider.deployment &&
      disks.filter(({ kind }) => kind === "disk").some(({ file }, index) => index > 0 && file === disk.path),
  );
  for (const user of users) {
    const state = sandboxState(user, await readSurroundings(host, user, [id]), {});
    const owner = knownOwner(context.provider, state.name);
    const spec = sandboxSpec({ ...state, disks: state.disks.filter((other) => other !== id) }, owner);
    await step(host, context, () => host.driver.updateSandbox(user.id, spec));
  }
}
