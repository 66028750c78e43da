import { parse } from "yaml";
import type { LabNic } from "../lab/lab.ts";

/**
 * A network configuration (version 2) with NICs that get a name and no address: without their entry cloud-init would ask for DHCP on a sandbox's only one, and wait for minutes. The
 * guest does not wait for them when it boots.
 *
 * @param made what `networkConfig` of lib/cloud-init made for all others; undefined if there are none
 */
export function withBareNics(made: string | undefined, nics: readonly Pick<LabNic, "name" | "mac">[]): object {
  const { ethernets = {} } = made === undefined ? {} : (parse(made) as { readonly ethernets?: object });
  const bare = nics.map(({ name, mac }) => [name, { match: { macaddress: mac }, "set-name": name, dhcp4: false, optional: true }] as const);
  return { version: 2, ethernets: { ...ethernets, ...Object.fromEntries(bare) } };
}
