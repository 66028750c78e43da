import { literalValue, proxyCommandValue, quotedValue } from "./config-value.ts";
import { hostKeyAlias } from "./known-hosts.ts";

/** How plain `ssh` gets into one sandbox. Paths are absolute: editors call ssh from anywhere. */
export interface SshConfigEntry {
  /** Name of the sandbox, a counted one with its number: `web-2`. */
  readonly sandbox: string;
  readonly lab: string;
  /** Who logs in. */
  readonly user: string;
  /** Address, or a name that resolves here. */
  readonly address: string;
  /** @default 22 */
  readonly port?: number;
  /** Private key file. */
  readonly identityFile: string;
  /** See `knownHostsFile`. */
  readonly knownHostsFile: string;
  /**
   * A program whose input and output are the connection, for sandboxes that only another network namespace or host reaches.
   * Arguments that are exactly `%h` and `%p` become address and port.
   *
   * @default - none: ssh connects itself
   */
  readonly proxyCommand?: readonly string[];
  /**
   * Socket that further commands share the first one's connection through, which spares them the login. See `controlPath`.
   *
   * @default - none: each command logs in
   */
  readonly controlPath?: string;
}

/**
 * An ssh_config file with one `Host` per sandbox, named `<sandbox>` and `<sandbox>.<lab>`, for ssh, scp, sftp, rsync and editors:
 * `ssh -F FILE web`, or `Include FILE` in `~/.ssh/config`.
 *
 * Only keys in `knownHostsFile` are trusted and nothing is ever learned; only `identityFile` is offered; nothing is forwarded.
 * ssh itself writes only errors. Where options differ between entries of one name, ssh takes the first.
 *
 * @throws DiagnosticError `SSH_CONFIG_VALUE` for a value that cannot be expressed; RangeError for a name that is no DNS label
 */
export function sshConfig(entries: readonly SshConfigEntry[]): string {
  return ["# Made by terrarium; made anew on each apply.", ...entries.map(hostBlock)].join("\n\n") + "\n";
}

function hostBlock(entry: SshConfigEntry): string {
  const { sandbox, lab, address, port = 22, proxyCommand, controlPath } = entry;
  checkName(sandbox);
  checkName(lab);
  const options: readonly (readonly [string, string])[] = [
    ["HostName", quotedValue("HostName", address)],
    ["Port", String(port)],
    ["User", literalValue("User", entry.user)],
    ["IdentityFile", quotedValue("IdentityFile", entry.identityFile)],
    ["IdentitiesOnly", "yes"],
    ["PreferredAuthentications", "publickey"],
    ["HostKeyAlias", hostKeyAlias(sandbox, lab)],
    ["UserKnownHostsFile", quotedValue("UserKnownHostsFile", entry.knownHostsFile)],
    ["GlobalKnownHostsFile", "none"],
    ["StrictHostKeyChecking", "yes"],
    // Before 8.5 ssh also compared addresses, and 8.5 began to write keys it is told of: both would undo HostKeyAlias.
    ["CheckHostIP", "no"],
    ["UpdateHostKeys", "no"],
    ["VerifyHostKeyDNS", "no"],
    ["CanonicalizeHostname", "no"],
    ["ForwardAgent", "no"],
    ["ForwardX11", "no"],
    // A sandbox that was stopped or made anew says no goodbye: notice it after two minutes instead of never.
    ["ServerAliveInterval", "20"],
    ["ServerAliveCountMax", "6"],
    ["LogLevel", "ERROR"],
    ...(proxyCommand ? [["ProxyCommand", proxyCommandValue(proxyCommand)] as const] : []),
    ...(controlPath ? sharedConnection(controlPath) : []),
  ];
  return [`Host ${sandbox} ${sandbox}.${lab}`, ...options.map(([name, value]) => `  ${name} ${value}`)].join("\n");
}

function sharedConnection(controlPath: string): readonly (readonly [string, string])[] {
  return [
    ["ControlMaster", "auto"],
    ["ControlPath", quotedValue("ControlPath", controlPath)],
    ["ControlPersist", "60"],
  ];
}

/** In a `Host` line `*`, `?`, `!` and spaces mean something: names are DNS labels by the lab's rules, and this relies on it. */
function checkName(name: string): void {
  if (!/^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/.test(name)) {
    throw new RangeError(`Expected a name that is a DNS label, got ${JSON.stringify(name)}`);
  }
}
