import { tryParsePublicKey } from "./public-key.ts";

/** One host key of one host. A host with several keys has several entries. */
export interface KnownHost {
  /** Alias (see `hostKeyAlias`), name or address. */
  readonly host: string;
  /** @default 22; leave it out for an alias, which ssh looks up without a port */
  readonly port?: number;
  /** `ssh-ed25519 AAAA…`, with or without comment. */
  readonly publicKey: string;
}

/**
 * The name that ssh looks a sandbox's host key up by (`HostKeyAlias`), whatever its address is today.
 *
 * @example hostKeyAlias("web-1", "shop") // "web-1.shop.terrarium"
 */
export function hostKeyAlias(sandbox: string, lab: string): string {
  return `${sandbox}.${lab}.terrarium`;
}

/**
 * One line of a `known_hosts` file, without newline.
 *
 * @throws RangeError if the public key is not one, or the host has characters that mean something in the file (`,`, `*`, space …)
 * @example knownHostsLine("10.0.0.5", 2222, "ssh-ed25519 AAAA…") // "[10.0.0.5]:2222 ssh-ed25519 AAAA…"
 */
export function knownHostsLine(host: string, port: number | undefined, publicKey: string): string {
  const key = tryParsePublicKey(publicKey);
  if (!key) throw new RangeError(`Expected a public key such as "ssh-ed25519 AAAA…", got ${JSON.stringify(publicKey)}`);
  if (!/^[A-Za-z0-9][A-Za-z0-9.:%_-]*$|^::[A-Fa-f0-9.:%]*$/.test(host)) {
    throw new RangeError(`Expected a host name or address, got ${JSON.stringify(host)}`);
  }
  const name = port === undefined || port === 22 ? host : `[${host}]:${port}`;
  return `${name} ${key.type} ${key.base64}`;
}

/** A whole `known_hosts` file: sorted, each line once, so that equal labs give equal files. */
export function knownHostsFile(entries: readonly KnownHost[]): string {
  const lines = new Set(entries.map(({ host, port, publicKey }) => knownHostsLine(host, port, publicKey)));
  return [...lines]
    .sort()
    .map((line) => `${line}\n`)
    .join("");
}
