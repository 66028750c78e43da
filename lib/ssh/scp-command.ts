import type { CopyPath } from "./copy-path.ts";
import { connectionArgs, type SshConnection } from "./ssh-command.ts";

export interface ScpCommandOptions extends SshConnection {
  /** What is copied, at least one. */
  readonly from: readonly CopyPath[];
  /** Where to: for several sources a directory. */
  readonly to: CopyPath;
  /**
   * Copy directories, with all that is in them.
   *
   * @default false
   */
  readonly recursive?: boolean;
  /**
   * Use scp's old protocol, for guests without an SFTP server (dropbear). Then paths are taken as they are; otherwise scp expands
   * `*`, `?` and `[…]` in a source's path in the sandbox.
   *
   * @default false
   */
  readonly withoutSftp?: boolean;
}

/**
 * A command line that copies to, from or between sandboxes, program first. Between two sandboxes the data passes this machine.
 *
 * @example scpCommand({ configFile, from: [{ sandbox: "web", path: "/etc/hosts" }], to: { path: "./hosts" } })
 *   // ["scp", "-F", configFile, "--", "web:/etc/hosts", "./hosts"]
 */
export function scpCommand(options: ScpCommandOptions): readonly [string, ...string[]] {
  const { from, to, recursive = false, withoutSftp = false } = options;
  const isBetweenSandboxes = to.sandbox !== undefined && from.some(({ sandbox }) => sandbox !== undefined);
  return [
    "scp",
    ...connectionArgs(options),
    ...(recursive ? ["-r"] : []),
    ...(withoutSftp ? ["-O"] : []),
    ...(isBetweenSandboxes ? ["-3"] : []),
    "--",
    ...[...from, to].map((end) => scpPath(end, withoutSftp)),
  ];
}

function scpPath({ sandbox, path }: CopyPath, withoutSftp: boolean): string {
  // "./" keeps scp from reading a sandbox's name into a local path with a colon.
  if (sandbox === undefined) return /^[^/]*:/.test(path) ? `./${path}` : path;
  // A shell reads it there. Backslashes, not quotes: scp compares the name that comes back with this, as a pattern.
  return `${sandbox}:${withoutSftp ? path.replaceAll(/[^A-Za-z0-9_./:=@%+,~-]/gu, String.raw`\$&`) : path}`;
}
