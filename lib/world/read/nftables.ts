import type { FirewallChain, FirewallMatch, FirewallRule } from "../firewall.ts";

interface NftChain {
  readonly family: string;
  readonly table: string;
  readonly name: string;
  readonly hook?: string;
  readonly policy?: "accept" | "drop";
}

interface NftRule {
  readonly family: string;
  readonly table: string;
  readonly chain: string;
  readonly expr?: readonly Record<string, unknown>[];
}

/** Reads what `nft -j list ruleset` prints: also iptables' chains, where iptables is nftables underneath. Pure. */
export function readNftables(json: string): FirewallChain[] {
  if (json.trim() === "") return [];
  const { nftables } = JSON.parse(json) as { readonly nftables: readonly { readonly chain?: NftChain; readonly rule?: NftRule }[] };
  const rules = new Map<string, FirewallRule[]>();
  const chains: FirewallChain[] = [];
  for (const { chain, rule } of nftables) {
    if (chain) {
      const { family, table, name, hook, policy } = chain;
      const own: FirewallRule[] = [];
      rules.set(`${family} ${table} ${name}`, own);
      const kept = { ...(hook !== undefined && { hook }), ...(policy !== undefined && { policy }) };
      chains.push({ kind: "nftables", family, table, name, ...kept, rules: own });
    }
    if (rule) rules.get(`${rule.family} ${rule.table} ${rule.chain}`)?.push(readRule(rule.expr ?? []));
  }
  return chains;
}

function readRule(statements: readonly Record<string, unknown>[]): FirewallRule {
  const matches: FirewallMatch[] = [];
  for (const statement of statements) {
    if ("match" in statement) matches.push(readMatch(statement["match"] as NftMatch));
    else if ("xt" in statement) {
      // A match or target of iptables' that nftables has no words for.
      const { name } = (statement["xt"] ?? {}) as { readonly name?: string };
      if (name === "REJECT") return { matches, action: "drop" };
      if (name !== "comment") matches.push({ on: "other", not: false, values: [] });
    } else if ("accept" in statement) return { matches, action: "accept" };
    else if ("drop" in statement || "reject" in statement) return { matches, action: "drop" };
    else if ("return" in statement) return { matches, action: "return" };
    else if ("jump" in statement) return { matches, action: { jump: (statement["jump"] as { readonly target: string }).target } };
    else if ("goto" in statement) return { matches, action: { goto: (statement["goto"] as { readonly target: string }).target } };
    // A map decides by what it holds; a limit lets some packets through.
    else if ("vmap" in statement || "limit" in statement) matches.push({ on: "other", not: false, values: [] });
  }
  return { matches };
}

interface NftMatch {
  readonly op: string;
  readonly left: unknown;
  readonly right: unknown;
}

function readMatch({ op, left, right }: NftMatch): FirewallMatch {
  const on = subject(left);
  const values = valuesOf(right);
  // Sets and expressions stand elsewhere.
  if (on === "other" || values === undefined || !["==", "!=", "in"].includes(op)) return { on: "other", not: false, values: [] };
  return { on, not: op === "!=", values };
}

function subject(left: unknown): FirewallMatch["on"] {
  if (typeof left !== "object" || left === null) return "other";
  const { meta, payload, ct } = left as {
    readonly meta?: { readonly key?: string };
    readonly payload?: { readonly protocol?: string; readonly field?: string };
    readonly ct?: { readonly key?: string };
  };
  if (meta?.key === "iifname" || meta?.key === "iif") return "inbound";
  if (meta?.key === "oifname" || meta?.key === "oif") return "outbound";
  if (meta?.key === "l4proto") return "protocol";
  if (ct?.key === "state") return "state";
  if (payload?.protocol === "ip") {
    const fields: Record<string, FirewallMatch["on"]> = { saddr: "source", daddr: "destination", protocol: "protocol" };
    return fields[payload.field ?? ""] ?? "other";
  }
  // The protocol is tested by a match of its own, or goes without saying for a port that both have.
  return payload?.field === "dport" ? "port" : "other";
}

function valuesOf(right: unknown): string[] | undefined {
  if (typeof right === "string") return right.startsWith("@") ? undefined : [right];
  if (typeof right === "number") return [String(right)];
  if (Array.isArray(right)) return flattened(right);
  if (typeof right !== "object" || right === null) return undefined;
  const { set, prefix, range } = right as {
    readonly set?: readonly unknown[];
    readonly prefix?: { readonly addr: string; readonly len: number };
    readonly range?: readonly unknown[];
  };
  if (set) return flattened(set);
  if (prefix) return [`${prefix.addr}/${prefix.len}`];
  return range ? [range.map(String).join("-")] : undefined;
}

function flattened(list: readonly unknown[]): string[] | undefined {
  const values = list.map(valuesOf);
  return values.some((value) => value === undefined) ? undefined : values.flatMap((value) => value ?? []);
}
