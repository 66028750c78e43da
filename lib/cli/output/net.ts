import type { NetCheckReport } from "../../deploy/net-check.ts";
import type { NetworkStatus } from "../../deploy/network-list.ts";
import { escapeLine } from "./escape.ts";
import { renderTable } from "./table.ts";

/** The table of `terrarium net list`. */
export function networkTable(networks: readonly NetworkStatus[]): string {
  return renderTable(
    ["NETWORK", "STATE", "MODE", "BLOCK", "BRIDGE", "HOST", "SANDBOXES"],
    networks.map(({ name, state, mode, cidr = "-", bridge = "-", host, nics }) => [
      name,
      state,
      mode,
      cidr,
      bridge,
      host,
      [...new Set(nics.map(({ sandbox }) => sandbox))].join(" "),
    ]),
  );
}

/** What `terrarium net show` says of one. */
export function networkText({ name, state, mode, cidr, gateway, domain, bridge, mtu, host, nics }: NetworkStatus): string {
  const facts = {
    network: name,
    state,
    mode,
    block: cidr,
    gateway,
    domain,
    bridge,
    mtu: mtu === undefined ? undefined : String(mtu),
    host,
  };
  const lines = Object.entries(facts).flatMap(([key, value]) =>
    value === undefined ? [] : [`${`${key}:`.padEnd(9)} ${escapeLine(value)}\n`],
  );
  const rows = nics.map(({ sandbox, nic, mac, address = "-" }) => [sandbox, nic, mac, address]);
  return lines.join("") + (rows.length === 0 ? "" : `\n${renderTable(["SANDBOX", "NIC", "MAC", "ADDRESS"], rows)}`);
}

/** What `terrarium net check` says: what is not as the lab says it, and a sum. */
export function checkText({ results, passed, failed, unknown, took }: NetCheckReport): string {
  const told = results.filter(({ outcome }) => outcome !== "passed");
  const rows = told.map(({ sandbox, kind, what, outcome, detail = "" }) => [outcome, sandbox, kind, what, detail]);
  const table = rows.length === 0 ? "" : `${renderTable(["RESULT", "SANDBOX", "CHECK", "WHAT", "DETAIL"], rows)}\n`;
  const sums = [`${passed} passed`, ...(failed > 0 ? [`${failed} failed`] : []), ...(unknown > 0 ? [`${unknown} unknown`] : [])];
  return `${table}${sums.join(", ")} in ${(took / 1000).toFixed(1)} s.\n`;
}
