import { stripVTControlCharacters } from "node:util";
import type { DiagnosticCode } from "../diagnostics/codes.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";

interface KnownFailure {
  readonly code: DiagnosticCode;
  readonly pattern: RegExp;
  readonly summary: (sandbox: string) => string;
  readonly nextStep: (sandbox: string) => string;
}

const closed: KnownFailure = {
  code: "SSH_CLOSED",
  pattern:
    /^(?:Connection (?:closed|reset)|Connection to .* closed|Shared connection|client_loop:|kex_exchange_identification:)|Connection reset by|Broken pipe/m,
  summary: (name) => `expected to stay connected with sandbox "${name}", but the connection was closed`,
  nextStep: (name) =>
    `If it is still booting or restarting: "terrarium wait ${name}". Otherwise look at its last words: "terrarium logs ${name}".`,
};

const unknown: Omit<KnownFailure, "pattern"> = {
  code: "SSH_FAILED",
  summary: (name) => `expected to reach sandbox "${name}", but ssh failed`,
  nextStep: (name) => `Read what ssh says, and look whether the sandbox runs: "terrarium status ${name}".`,
};

/** In order: what ssh says first is often only the consequence ("Connection closed"), so the more telling ones stand first. */
const knownFailures: readonly KnownFailure[] = [
  {
    code: "SSH_HOST_KEY_CHANGED",
    pattern: /REMOTE HOST IDENTIFICATION HAS CHANGED|DIFFERENT HOST KEY|^Host key for .* has changed/m,
    summary: (name) => `expected the host key of sandbox "${name}", but what answers at its address has another one`,
    nextStep: (name) =>
      `Nothing was sent. Look with "terrarium status ${name}" whether the address is still its own; if somebody rebuilt it or changed its keys, "terrarium apply" makes it known again.`,
  },
  {
    code: "SSH_HOST_KEY_UNKNOWN",
    pattern: /^No .*host key is known for|^Unable to negotiate .*no matching host key type|^Host key verification failed/m,
    summary: (name) => `expected to know the host key of sandbox "${name}", but none is recorded that fits`,
    nextStep: () => `Run "terrarium apply" to record it. If the sandbox has no seed, wait until it has booted: its console shows its keys.`,
  },
  {
    code: "SSH_KEY_UNUSABLE",
    pattern: /UNPROTECTED PRIVATE KEY FILE|^Load key /m,
    summary: (name) => `expected a private key for sandbox "${name}" that ssh can use, but it refuses the file`,
    nextStep: () =>
      `Make the file readable by you and nobody else (chmod 600); if it is broken, remove it: "terrarium apply" makes it anew.`,
  },
  {
    code: "SSH_PERMISSION_DENIED",
    pattern: /Permission denied \(|Too many authentication failures|^No supported authentication methods/m,
    summary: (name) => `expected sandbox "${name}" to accept the lab's login key, but it refused`,
    nextStep: (name) =>
      `If it is still booting, its user may not exist yet: "terrarium wait ${name}". If the key file is missing: "terrarium apply". Otherwise look at what cloud-init did: "terrarium logs ${name}", and compare the lab's user: with the image's.`,
  },
  {
    code: "SSH_REFUSED",
    pattern: /Connection refused|ECONNREFUSED/,
    summary: (name) => `expected an SSH server on sandbox "${name}", but the connection was refused`,
    nextStep: (name) =>
      `If it is still booting: "terrarium wait ${name}". Otherwise look whether the server runs: "terrarium console ${name}".`,
  },
  {
    code: "SSH_TIMEOUT",
    pattern: /timed out|ETIMEDOUT|Timeout, server .* not responding/i,
    summary: (name) => `expected an answer from sandbox "${name}", but there was none in time`,
    nextStep: (name) =>
      `Look whether it runs and has an address ("terrarium status ${name}"), and at its last words ("terrarium logs ${name}").`,
  },
  {
    code: "SSH_NO_ROUTE",
    pattern: /No route to host|is unreachable|EHOSTUNREACH|ENETUNREACH|Could not resolve hostname/,
    summary: (name) => `expected a way to the address of sandbox "${name}", but there is none`,
    nextStep: (name) => `Look whether it runs ("terrarium status ${name}") and its host is up ("terrarium host list").`,
  },
  closed,
];

/** What a sandbox that is still booting may answer with; trying again can help. The others stay until somebody acts. */
export const passingSshFailures: ReadonlySet<DiagnosticCode> = new Set([
  "SSH_PERMISSION_DENIED",
  "SSH_REFUSED",
  "SSH_TIMEOUT",
  "SSH_NO_ROUTE",
  "SSH_CLOSED",
]);

/**
 * What ssh is asked to note in its `-E` file besides errors (`LogVerbose`, OpenSSH 8.5 and later). With `LogLevel ERROR` it says
 * nothing when the other side hangs up or falls silent; a higher level would also print the server's banner among the command's
 * errors. And exit code 255 alone does not tell whether a command ended with it.
 */
export const notedBySsh = [
  "packet.c:sshpkt_vfatal():*",
  "clientloop.c:server_alive_check():*",
  "clientloop.c:client_input_channel_req():*",
  "mux.c:mux_client_request_session():*",
].join(",");

/** Notes that the command ended itself, by an exit code or a signal, over a connection of its own or a shared one. */
const commandEnded = /rtype exit-(?:status|signal)|Received exit status from master/;

/** Before the other side has said a word: what stands in standard error then is from a `ProxyCommand`, not from the command. */
const notYetConnected = /kex_exchange_identification:|UNKNOWN port 65535/;

/** What ssh prints among the command's errors, not in its file, when it loses the connection. */
const lost = /^Connection to \S+ closed by remote host\.\s*$/m;

/**
 * Says in our words why ssh or scp failed: for exit code 255 only. ssh's own words, without control characters, are the detail.
 *
 * @param messages what ssh wrote: its `-E` file, or standard error where that is all there is
 * @param standardError what was printed besides, where known: a `ProxyCommand` that fails says why there
 * @returns undefined if 255 was the command's own exit code
 */
export function explainSshFailure(messages: string, sandbox: string, standardError = ""): Diagnostic | undefined {
  if (commandEnded.test(messages)) return undefined;
  const before = notYetConnected.test(messages) ? standardError : (lost.exec(standardError)?.[0] ?? "");
  const detail = plain(`${before}\n${messages}`);
  const { code, summary, nextStep } = knownFailures.find(({ pattern }) => pattern.test(detail)) ?? (detail === "" ? closed : unknown);
  return {
    code,
    severity: "error",
    summary: summary(sandbox),
    ...(detail === "" ? {} : { detail }),
    nextStep: nextStep(sandbox),
  };
}

function plain(messages: string): string {
  return stripVTControlCharacters(messages)
    .split(/[\r\n]+/)
    .filter((line) => !/^debug\d: /.test(line))
    .map((line) => line.replace(/^\w+\.c:\w+\(\):\d+ \(pid=\d+\): /, ""))
    .map((line) => line.replaceAll(/\p{Cc}/gu, " ").trimEnd())
    .filter((line) => line !== "")
    .join("\n");
}
