import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { LabSandbox } from "../lab.ts";
import type { Path } from "../path.ts";
import type { NicDraft } from "../sandbox-nics.ts";

/**
 * Checks that no address that is written into guests (IPv6, VLANs) is written into two in the same network.
 *
 * Reports `DUPLICATE_ADDRESS` at the later one.
 */
export function checkGuestAddresses(sandboxes: readonly Pick<LabSandbox, "name" | "host">[], drafts: readonly NicDraft[]): Diagnostic[] {
  if (!drafts.some(({ guest }) => guest !== undefined)) return [];
  const hosts = new Map(sandboxes.map(({ name, host }) => [name, host]));
  const holders = new Map<string, string>();
  return drafts.flatMap((draft) =>
    fixedAddresses(draft).flatMap(({ address, wire, path }): Diagnostic[] => {
      const key = `${hosts.get(draft.sandbox) ?? ""} ${wire} ${address.split("/")[0]}`;
      const other = holders.get(key);
      if (other === undefined) {
        holders.set(key, draft.sandbox);
        return [];
      }
      return [
        {
          code: "DUPLICATE_ADDRESS",
          severity: "error",
          path,
          summary: `address ${address} in ${wire} is for sandbox "${draft.sandbox}", and it is ${other === draft.sandbox ? "on another of its NICs" : `for "${other}"`}`,
          nextStep: "Choose another address; copies take theirs from `forEach` or `count`: `${each:NAME}`.",
        },
      ];
    }),
  );
}

function fixedAddresses({ guest, network }: NicDraft): { readonly address: string; readonly wire: string; readonly path: Path }[] {
  if (guest === undefined) return [];
  const all = [
    { address: guest.ipv6, wire: `network "${network}"`, path: [...guest.path, "ipv6"] },
    ...(guest.vlans ?? []).flatMap(({ id, address, ipv6, path }) => [
      { address, wire: `VLAN ${id} in network "${network}"`, path: [...path, "address"] },
      { address: ipv6, wire: `VLAN ${id} in network "${network}"`, path: [...path, "ipv6"] },
    ]),
  ];
  return all.flatMap(({ address, ...rest }) => (address?.includes("/") === true ? [{ address, ...rest }] : []));
}
