import type { NetworkMode, NetworkSpec, Served } from "./provisioning.ts";

/** True for a mode in which sandboxes get their addresses from us. */
export function isServed(mode: NetworkMode): boolean {
  return mode !== "bridged" && mode !== "none";
}

/** The parts that a served network has, undefined for another. @throws Error for a served one without them: the caller must not make such a specification */
export function servedParts({ name, mode, cidr, gateway, domain }: NetworkSpec): Served | undefined {
  if (!isServed(mode)) return undefined;
  if (cidr === undefined || gateway === undefined || domain === undefined)
    throw new Error(`Network ${name} is ${mode}, and lacks its block, gateway or domain`);
  return { cidr, gateway, domain };
}
