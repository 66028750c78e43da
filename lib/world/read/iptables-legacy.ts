import type { FirewallChain, FirewallMatch, FirewallRule } from "../firewall.ts";

/** Reads what `iptables-legacy-save -t filter` prints. Pure. */
export function readIptablesSave(text: string): FirewallChain[] {
  const chains = new Map<string, { readonly policy?: "accept" | "drop"; readonly rules: FirewallRule[] }>();
  for (const line of text.split("\n")) {
    const [, name, policy] = /^:(\S+) (\S+)/.exec(line) ?? [];
    if (name !== undefined) {
      chains.set(name, { ...(policy === "DROP" && { policy: "drop" }), ...(policy === "ACCEPT" && { policy: "accept" }), rules: [] });
    }
    const [, chain = "", rest] = /^-A (\S+)(.*)$/.exec(line) ?? [];
    if (rest !== undefined) chains.get(chain)?.rules.push(readRule(rest.trim()));
  }
  const hooks: Readonly<Record<string, string>> = { FORWARD: "forward", INPUT: "input", OUTPUT: "output" };
  return [...chains].map(([name, { policy, rules }]) => ({
    kind: "iptables-legacy",
    family: "ip",
    table: "filter",
    name,
    ...(hooks[name] !== undefined && { hook: hooks[name] }),
    ...(policy && { policy }),
    rules,
  }));
}

const options: Readonly<Record<string, FirewallMatch["on"]>> = {
  "-i": "inbound",
  "-o": "outbound",
  "-s": "source",
  "-d": "destination",
  "-p": "protocol",
  "--dport": "port",
  "--dports": "port",
  "--ctstate": "state",
  "--state": "state",
};

/** Modules whose conditions are read above. */
const known = new Set(["conntrack", "state", "tcp", "udp", "multiport", "comment"]);

function readRule(text: string): FirewallRule {
  const words = text.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? [];
  const matches: FirewallMatch[] = [];
  let not = false;
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    const value = words[index + 1] ?? "";
    if (word === "!") {
      not = true;
      continue;
    }
    if (word === "-j" || word === "-g") return { matches, ...readAction(word, value) };
    const on = options[word];
    if (on !== undefined) matches.push({ on, not, values: value.split(",").map((one) => (on === "state" ? one.toLowerCase() : one)) });
    else if (word === "-m" && !known.has(value)) matches.push({ on: "other", not: false, values: [] });
    if (word.startsWith("-")) index++;
    not = false;
  }
  return { matches };
}

function readAction(word: string, target: string): Pick<FirewallRule, "action"> {
  if (target === "ACCEPT") return { action: "accept" };
  if (target === "DROP" || target === "REJECT") return { action: "drop" };
  if (target === "RETURN") return { action: "return" };
  // Targets that only mark, log or count lead to no chain; they decide nothing.
  return { action: word === "-j" ? { jump: target } : { goto: target } };
}
