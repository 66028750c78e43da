import { entryOf } from "../entry-of.ts";
import { isServed, leadsOut, modeOf } from "../network-kinds.ts";
import type { OpenNic } from "../open-nics.ts";
import type { Report } from "../path.ts";
import { addressKey } from "../plan/plan-requests.ts";
import type { NicDraft } from "../sandbox-nics.ts";
import type { WrittenLab } from "../written-lab.ts";
import { takesDefaultRoute, type GuestInterface } from "./guest-nic.ts";

/**
 * The position of the NIC that the default route (IPv4) leads through: the one that asks for it, else the first that leads outside; none where a VLAN has it.
 *
 * Reports `DEFAULT_ROUTE_TWICE`, and `NETWORK_KEY_MISSING` for one that asks for it where nothing leads outside.
 */
export function leadingNic(
  written: WrittenLab,
  nics: readonly NicDraft[],
  open: ReadonlyMap<string, OpenNic>,
  report: Report,
): number | undefined {
  const asking = nics.flatMap(({ guest, sandbox }, position) =>
    guest === undefined
      ? []
      : [guest, ...(guest.vlans ?? [])].filter(takesDefaultRoute).map((found) => ({ found, sandbox, position, isNic: found === guest })),
  );
  for (const { found, sandbox } of asking.slice(1)) {
    report({
      code: "DEFAULT_ROUTE_TWICE",
      severity: "error",
      path: found.path,
      summary: `sandbox "${sandbox}" has more than one default route`,
      nextStep: "Keep one `gateway`, `defaultRoute: true` or route to `default`; give others a `metric`, or narrower routes.",
    });
  }
  const [first] = asking;
  if (first !== undefined) {
    const nic = nics[first.position];
    if (first.isNic && nic !== undefined && !hasOwnWay(first.found) && !canLead(written, nic, open)) {
      report({
        code: "NETWORK_KEY_MISSING",
        severity: "error",
        path: [...first.found.path, "defaultRoute"],
        summary: `the default route of sandbox "${first.sandbox}" is to lead through network "${nic.network}", where nothing of ours leads outside`,
        nextStep: "Write the router there as `gateway`, or leave `defaultRoute` out.",
      });
    }
    return first.isNic ? first.position : undefined;
  }
  const position = nics.findIndex((nic) => nic.guest?.defaultRoute !== false && canLead(written, nic, open));
  return position === -1 ? undefined : position;
}

function hasOwnWay(guest: GuestInterface): boolean {
  return takesDefaultRoute({ ...guest, defaultRoute: undefined });
}

/** Whether something in its network tells the guest where to go: our gateway, DHCP, or the router that the network names. */
function canLead(written: WrittenLab, nic: NicDraft, open: ReadonlyMap<string, OpenNic>): boolean {
  const mode = modeOf(written, { name: nic.network, own: nic.own });
  if (!leadsOut(mode)) return false;
  if (isServed(mode)) return true;
  const { addressing } = open.get(addressKey(nic)) ?? {};
  return addressing === "dhcp" || (addressing === "static" && entryOf(written.networks, nic.network)?.gateway !== undefined);
}
