import type { Duration } from "../units/duration.ts";
import { quoteForRemoteShell } from "./quote.ts";
import { notedBySsh } from "./ssh-failure.ts";

/** Options that ssh and scp share. */
export interface SshConnection {
  /** File that `sshConfig` made. */
  readonly configFile: string;
  /**
   * Never ask anything: fail instead.
   *
   * @default false
   */
  readonly batch?: boolean;
  /**
   * How long the connection may take to be answered, including the server's first line. Rounded up to seconds.
   *
   * @default - the system's limit for connections, none for the server's first line
   */
  readonly connectTimeout?: Duration;
}

export interface SshCommandOptions extends SshConnection {
  /** A `Host` of the file. */
  readonly sandbox: string;
  /**
   * What to run: arguments, given to the program as they are, or a text for the login shell there.
   *
   * @default - a login shell
   */
  readonly command?: readonly string[] | string;
  /**
   * Whether to have a terminal there.
   *
   * @default - ssh's: only for a login shell
   */
  readonly tty?: boolean;
  /**
   * File that ssh's own messages go to, so that standard error is the command's alone. `explainSshFailure` reads them.
   *
   * @default - standard error
   */
  readonly logFile?: string;
}

/**
 * A command line for a login or a command, program first, for `execa` or `spawn`: no shell here reads it.
 *
 * @example sshCommand({ configFile, sandbox: "web", command: ["ls", "my file"] })
 *   // ["ssh", "-F", configFile, "--", "web", "ls 'my file'"]
 */
export function sshCommand(options: SshCommandOptions): readonly [string, ...string[]] {
  const { sandbox, command, tty, logFile } = options;
  const remote = command === undefined || typeof command === "string" ? command : quoteForRemoteShell(command);
  return [
    "ssh",
    ...connectionArgs(options),
    ...(logFile === undefined ? [] : ["-E", logFile, "-o", "IgnoreUnknown=LogVerbose", "-o", `LogVerbose=${notedBySsh}`]),
    ...(tty === undefined ? [] : [tty ? "-t" : "-T"]),
    // Without "--" ssh would go on reading options after the host, so in a command that starts with "-".
    "--",
    sandbox,
    ...(remote === undefined || remote === "" ? [] : [remote]),
  ];
}

/**
 * Ends (`exit`) or looks for (`check`) the shared connection of a sandbox; ssh exits 255 if there is none. End it when the sandbox
 * is stopped or destroyed: commands through a dead connection hang until it is noticed.
 */
export function sharedConnectionCommand(configFile: string, sandbox: string, action: "exit" | "check"): readonly [string, ...string[]] {
  return ["ssh", "-F", configFile, "-O", action, "--", sandbox];
}

/** The options of `SshConnection`, as ssh, scp and sftp take them. */
export function connectionArgs({ configFile, batch, connectTimeout }: SshConnection): string[] {
  return [
    "-F",
    configFile,
    ...(batch === true ? ["-o", "BatchMode=yes"] : []),
    ...(connectTimeout ? ["-o", `ConnectTimeout=${Math.max(1, Math.ceil(connectTimeout.seconds))}`] : []),
  ];
}
