import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { isInBlock, isLinkLocal, parseIpBlock, type IpBlock } from "../../units/ip-block.ts";
import { entryOf } from "../entry-of.ts";
import type { GuestInterface, GuestVlan } from "../guest-network/guest-nic.ts";
import { vlanAddressing } from "../guest-network/lab-guest-nic.ts";
import type { LabNic, LabSandbox } from "../lab.ts";
import type { Path } from "../path.ts";
import type { NicDraft } from "../sandbox-nics.ts";
import type { WrittenLab } from "../written-lab.ts";

/** An interface with all that its rules need to know. */
interface Interface {
  readonly guest: GuestInterface;
  /** For messages: `network "front"` or `VLAN 100 in network "front"`. */
  readonly name: string;
  readonly addressing: LabNic["addressing"];
  /** Its own IPv4 address and block, where they are known. */
  readonly block?: IpBlock;
  /** The largest packet of what it stands on, where that was written. */
  readonly carries?: number;
}

/**
 * Checks what the NICs of a sandbox say to the guest: that next hops can be reached, that VLANs differ and fit.
 *
 * Reports `NEXT_HOP_UNREACHABLE`, `CONFLICTING_KEYS`, `NETWORK_KEY_MISSING`, `OUT_OF_RANGE`, `DUPLICATE_VLAN` and `OVERLAPPING_NETWORKS`.
 *
 * @param drafts in the order of the sandbox's `nics`
 */
export function checkGuestNics(
  { nics }: Pick<LabSandbox, "nics">,
  drafts: readonly NicDraft[],
  { networks }: Pick<WrittenLab, "networks">,
): Diagnostic[] {
  // A network that is in error has no NICs: that was told.
  if (nics.length !== drafts.length) return [];
  return nics.flatMap((nic, position) => {
    const { guest } = drafts[position] ?? {};
    if (guest === undefined) return [];
    const block = nic.address === undefined ? undefined : parseIpBlock(`${nic.address}/${nic.prefix}`);
    const name = `network "${nic.network}"`;
    const vlans = guest.vlans ?? [];
    return [
      ...checkInterface({ guest, name, addressing: nic.addressing, block, carries: mtuOf(nic.network, networks) }),
      ...vlans.flatMap((vlan, index) => [
        ...checkVlan(vlan, vlans.slice(0, index), name, block),
        ...checkInterface({
          guest: vlan,
          name: `VLAN ${vlan.id} in ${name}`,
          addressing: vlanAddressing(vlan),
          block: vlan.address === undefined ? undefined : parseIpBlock(vlan.address),
          carries: nic.mtu,
        }),
      ]),
    ];
  });
}

function mtuOf(network: string, networks: WrittenLab["networks"]): number | undefined {
  const { mtu } = entryOf(networks, network) ?? {};
  return typeof mtu === "number" ? mtu : undefined;
}

function error(code: Diagnostic["code"], path: Path, summary: string, nextStep: string): Diagnostic {
  return { code, severity: "error", path, summary, nextStep };
}

function checkInterface({ guest, name, addressing, block, carries }: Interface): Diagnostic[] {
  const { path, defaultRoute, gateway, routes = [], mtu, ipv6 } = guest;
  const at = (...more: Path): Path => [...path, ...more];
  const told: Diagnostic[] = [];
  if (defaultRoute === false && gateway !== undefined)
    told.push(error("CONFLICTING_KEYS", at("gateway"), `${name} has a gateway and \`defaultRoute: false\``, "Leave one of them out."));
  const hops = [
    ...(gateway === undefined ? [] : [{ hop: gateway, place: at("gateway") }]),
    ...routes.map(({ via }, index) => ({ hop: via, place: at("routes", index, "via") })),
  ];
  const fixed = ipv6 === undefined ? undefined : parseIpBlock(ipv6);
  for (const { hop, place } of hops) {
    const why = hop.includes(":") ? unreachable(hop, fixed) : addressing === "none" ? "has no IPv4 address" : unreachable(hop, block);
    if (why !== undefined)
      told.push(
        error(
          "NEXT_HOP_UNREACHABLE",
          place,
          `next hop ${hop} cannot be reached through ${name}, which ${why}`,
          "Write an address that is there.",
        ),
      );
  }
  if (mtu !== undefined && carries !== undefined && mtu > carries)
    told.push(
      error(
        "OUT_OF_RANGE",
        at("mtu"),
        `packets of ${mtu} bytes in ${name} are larger than the ${carries} that are carried there`,
        `Write ${carries} or less.`,
      ),
    );
  if (mtu !== undefined && mtu < 1280 && ipv6 !== undefined)
    told.push(
      error(
        "OUT_OF_RANGE",
        at("mtu"),
        `${name} has packets of ${mtu} bytes, and IPv6 needs 1280`,
        "Write at least 1280, or leave `ipv6` out.",
      ),
    );
  return told;
}

/** Why a next hop is none; undefined for a good one, and where nobody knows. */
function unreachable(hop: string, block: IpBlock | undefined): string | undefined {
  if (block === undefined || isLinkLocal(hop)) return undefined;
  if (hop === block.address) return "has that address itself";
  return isInBlock(hop, block) ? undefined : `has the address ${block.address}/${block.prefix}`;
}

function checkVlan(vlan: GuestVlan, before: readonly GuestVlan[], name: string, nicBlock: IpBlock | undefined): Diagnostic[] {
  const { path, id, dhcp, address, gateway, defaultRoute } = vlan;
  const told: Diagnostic[] = [];
  if (before.some((other) => other.id === id))
    told.push(error("DUPLICATE_VLAN", [...path, "id"], `${name} has VLAN ${id} twice`, "Give each its own id, or make one of them."));
  if (dhcp === true && address !== undefined)
    told.push(
      error(
        "CONFLICTING_KEYS",
        [...path, "dhcp"],
        `VLAN ${id} in ${name} has an address and asks for one`,
        "Leave `dhcp` or `address` out.",
      ),
    );
  if (defaultRoute === true && gateway === undefined && vlanAddressing(vlan) !== "dhcp")
    told.push(
      error(
        "NETWORK_KEY_MISSING",
        [...path, "defaultRoute"],
        `the default route is to lead through VLAN ${id} in ${name}, where nothing tells the router`,
        "Write it as `gateway`.",
      ),
    );
  const block = address === undefined ? undefined : parseIpBlock(address);
  const other = [nicBlock, ...before.map((one) => (one.address === undefined ? undefined : parseIpBlock(one.address)))].find(
    (one) => one !== undefined && block !== undefined && (isInBlock(block.address, one) || isInBlock(one.address, block)),
  );
  if (other !== undefined)
    told.push(
      error(
        "OVERLAPPING_NETWORKS",
        [...path, "address"],
        `VLAN ${id} in ${name} has the address ${address}, whose block the sandbox is in already, by ${other.address}/${other.prefix}`,
        "Choose an address from another block: the guest could not tell them apart.",
      ),
    );
  return told;
}
