import { chooseHost, type ChooseOptions } from "./choose-host.ts";
import { releaseEmbedded, useEmbedded } from "./host-users.ts";
import type { UpOptions } from "./up.ts";

/** A host that can be worked with now. */
export interface Host {
  /** The host's name in the lab. */
  readonly name: string;
  /** For virsh and Terraform. */
  readonly uri: string;
  /** The embedded host behind it, if it is one. */
  readonly embedded?: string;
  /** The network namespace of its guests, if they live in one: see `proxyCommand`. */
  readonly netns?: string;
  /** Ends this process's use: an on-demand host without sandboxes goes down. @returns true if it did */
  readonly release: () => Promise<boolean>;
}

/**
 * Chooses the host and, if it is an embedded one, brings it up on demand.
 *
 * @throws as `chooseHost` and `upEmbedded`
 * @example const host = await ensureHost({ uri: "embedded", name: "local" });
 */
export async function ensureHost(options: ChooseOptions & Omit<UpOptions, "onDemand"> = {}): Promise<Host> {
  const { name = "local" } = options;
  const choice = await chooseHost(options);
  if (choice.kind === "libvirt") return { name, uri: choice.uri, release: async () => false };
  const { uri, netns } = await useEmbedded(choice.name, options);
  return { name, uri, netns, embedded: choice.name, release: () => releaseEmbedded(choice.name, options) };
}
