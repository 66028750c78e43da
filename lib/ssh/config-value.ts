import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import { quoteForRemoteShell } from "./quote.ts";

/** What a `ProxyCommand` may take from ssh: address, name as typed, port, user. */
const proxyTokens: ReadonlySet<string> = new Set(["%h", "%n", "%p", "%r"]);

/**
 * A value for an option of ssh_config that expands `%` tokens, such as a path: in quotes, with its own `%`, `"` and `\` escaped
 * (OpenSSH 8.7 and later).
 *
 * @throws DiagnosticError `SSH_CONFIG_VALUE` for control characters and for `${`, which ssh expands and has no escape for
 */
export function quotedValue(option: string, value: string): string {
  refuse(option, value, value.includes("${"), '"${"');
  return inQuotes(value).replaceAll("%", "%%");
}

/**
 * The same for an option that expands nothing (`User`, `HostKeyAlias`).
 *
 * @throws DiagnosticError `SSH_CONFIG_VALUE` for control characters
 */
export function literalValue(option: string, value: string): string {
  refuse(option, value, false, "");
  return inQuotes(value);
}

/**
 * A `ProxyCommand`: ssh expands its tokens and gives the rest of the line to the user's shell. Arguments that are exactly `%h`,
 * `%n`, `%p` or `%r` are ssh's tokens; in all others a `%` is only a percent sign.
 *
 * @throws DiagnosticError `SSH_CONFIG_VALUE` for control characters
 */
export function proxyCommandValue(command: readonly string[]): string {
  for (const arg of command) if (arg !== "") refuse("ProxyCommand", arg, false, "");
  return command.map((arg) => (proxyTokens.has(arg) ? arg : quoteForRemoteShell([arg]).replaceAll("%", "%%"))).join(" ");
}

/** Without quotes where none are needed: editors bring simpler parsers of their own. */
function inQuotes(value: string): string {
  if (/^[A-Za-z0-9._/:@+,%-]+$/.test(value)) return value;
  return `"${value.replaceAll("\\", "\\\\").replaceAll('"', String.raw`\"`)}"`;
}

function refuse(option: string, value: string, isInexpressible: boolean, what: string): void {
  const hasControl = /\p{Cc}/u.test(value);
  if (!hasControl && !isInexpressible && value !== "") return;
  const reason = value === "" ? "is empty" : `has ${hasControl ? "control characters" : what} in it`;
  throw new DiagnosticError({
    code: "SSH_CONFIG_VALUE",
    severity: "error",
    summary: `expected a value for ssh's ${option} that its configuration can express, but ${JSON.stringify(value)} ${reason}`,
    nextStep: "Keep the lab in a folder whose path has only ordinary characters.",
  });
}
