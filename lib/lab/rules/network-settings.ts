import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { parseIpv4 } from "../../units/ipv4.ts";
import { parsePorts } from "../network-settings.ts";
import type { Path } from "../path.ts";
import type { WrittenNetwork } from "../written-lab.ts";

/** A network as this rule sees it. */
export interface NetworkToCheck {
  readonly name: string;
  readonly network: WrittenNetwork;
  /** Its DNS domain. */
  readonly domain: string;
  /** Who is in it. */
  readonly sandboxes: ReadonlySet<string>;
  readonly path: Path;
}

/**
 * Checks ports, DNS servers and records of a network: what a pattern cannot say.
 *
 * Reports `OUT_OF_RANGE`, `BAD_FORMAT`, and `DUPLICATE_ITEM` for a record that has a sandbox's name.
 */
export function checkNetworkSettings({ name, network, domain, sandboxes, path }: NetworkToCheck): Diagnostic[] {
  const { ports, dns = {} } = network;
  const told: Diagnostic[] = [];
  const tell = (code: Diagnostic["code"], at: Path, summary: string, nextStep: string): void =>
    void told.push({ code, severity: "error", path: [...path, ...at], summary: `network "${name}": ${summary}`, nextStep });
  if (ports !== undefined && parsePorts(ports) === undefined)
    tell(
      "OUT_OF_RANGE",
      ["ports"],
      `expected two ports from 1 to 65535, the smaller first, found ${ports}`,
      "Write for example 1024-65535.",
    );
  const addresses = [
    ...(dns.servers ?? []).map((address, index) => [address, ["dns", "servers", index]] as const),
    ...Object.entries(dns.records ?? {}).map(([record, address]) => [address, ["dns", "records", record]] as const),
  ];
  for (const [address, at] of addresses)
    if (parseIpv4(address) === undefined)
      tell("BAD_FORMAT", at, `expected an IPv4 address, found ${JSON.stringify(address)}`, "Write one such as 10.20.0.5.");
  for (const record of Object.keys(dns.records ?? {})) {
    const sandbox = record.endsWith(`.${domain}`) ? record.slice(0, -domain.length - 1) : record;
    if (sandboxes.has(sandbox))
      tell(
        "DUPLICATE_ITEM",
        ["dns", "records", record],
        `the record "${record}" has the name of a sandbox that is in it`,
        "Sandboxes' names resolve by themselves: leave it out, or choose another name.",
      );
  }
  return told;
}
