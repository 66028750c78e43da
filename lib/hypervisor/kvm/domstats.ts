/** Numbers and texts of one domain, as `domstats --raw` prints them. */
export type DomainStats = ReadonlyMap<string, string>;

/** Reads the output of `domstats`: per domain's name, its `key=value` lines. Pure. */
export function parseDomstats(output: string): Map<string, DomainStats> {
  const domains = new Map<string, Map<string, string>>();
  let current: Map<string, string> | undefined;
  for (const line of output.split("\n")) {
    const name = /^Domain: '(.*)'$/.exec(line)?.[1];
    if (name !== undefined) {
      current = new Map();
      domains.set(name, current);
    }
    const pair = /^ {2}([^=]+)=(.*)$/.exec(line);
    if (pair) current?.set(pair[1] ?? "", pair[2] ?? "");
  }
  return domains;
}
