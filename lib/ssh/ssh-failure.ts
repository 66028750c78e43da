import { stripVTControlCharacters } from "node:util";
import type { DiagnosticCode } from "../diagnostics/codes.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";

interface KnownFailure {
  readonly code: DiagnosticCode;
  readonly pattern: RegExp;
  readonly summary: (sandbox: string) => string;
  readonly nextStep: (sandbox: string) => string;
}

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
    pattern: /UNPROTECTED PRIVATE KEY FILE|^Load key |^Identity file .* not accessible|no such identity:/m,
    summary: (name) => `expected a private key for sandbox "${name}" that ssh can use, but it refuses the file`,
    nextStep: () => `Make the file readable by you and nobody else (chmod 600); "terrarium apply" makes a missing one anew.`,
  },
  {
    code: "SSH_PERMISSION_DENIED",
    pattern: /Permission denied \(|Too many authentication failures|^No supported authentication methods/m,
    summary: (name) => `expected sandbox "${name}" to accept the lab's login key, but it refused`,
    nextStep: (name) =>
      `If it is still booting, its user may not exist yet: "terrarium wait ${name}". Otherwise look at what cloud-init did: "terrarium logs ${name}", and compare the lab's user: with the image's.`,
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
  {
    code: "SSH_CLOSED",
    pattern:
      /^(?:Connection (?:closed|reset)|Shared connection|client_loop:|kex_exchange_identification:)|Connection reset by|Broken pipe/m,
    summary: (name) => `expected to stay connected with sandbox "${name}", but the connection was closed`,
    nextStep: (name) =>
      `If it is still booting or restarting: "terrarium wait ${name}". Otherwise look at its last words: "terrarium logs ${name}".`,
  },
];

/** What a sandbox that is still booting may answer with; trying again can help. The others stay until somebody acts. */
export const passingSshFailures: ReadonlySet<DiagnosticCode> = new Set([
  "SSH_PERMISSION_DENIED",
  "SSH_REFUSED",
  "SSH_TIMEOUT",
  "SSH_NO_ROUTE",
  "SSH_CLOSED",
]);

/** How ssh calls the other side when a `ProxyCommand` ended before there was one. */
const proxyEnded = /UNKNOWN port 65535/;

/**
 * Says in our words why ssh or scp failed (exit 255). ssh's own words, without control characters, are the detail.
 *
 * @param messages what ssh wrote: its `-E` file, or standard error where that is all there is
 * @param standardError where known: a `ProxyCommand` that fails says why there, and only then it is looked at
 * @returns undefined if ssh wrote nothing: then 255 was the command's own exit code
 */
export function explainSshFailure(messages: string, sandbox: string, standardError = ""): Diagnostic | undefined {
  const detail = plain(proxyEnded.test(messages) ? `${standardError}\n${messages}` : messages);
  if (detail === "") return undefined;
  const known = knownFailures.find(({ pattern }) => pattern.test(detail));
  if (!known) {
    return {
      code: "SSH_FAILED",
      severity: "error",
      summary: `ssh could not reach sandbox "${sandbox}"`,
      detail,
      nextStep: `Look whether it runs: "terrarium status ${sandbox}".`,
    };
  }
  return { code: known.code, severity: "error", summary: known.summary(sandbox), detail, nextStep: known.nextStep(sandbox) };
}

function plain(messages: string): string {
  return stripVTControlCharacters(messages)
    .split(/[\r\n]+/)
    .map((line) => line.replaceAll(/\p{Cc}/gu, " ").trimEnd())
    .filter((line) => line !== "")
    .join("\n");
}
