import { addressFromHost, type LabProbe } from "../lab/lab.ts";
import type { Attempt } from "./attempt.ts";
import { attemptTime } from "./stages.ts";
import type { WaitContext } from "./wait-context.ts";

/** A probe in words: `tcp 80`, `http 80 /health`, `exec systemctl is-active nginx`. */
export function describeProbe(probe: LabProbe): string {
  if ("tcp" in probe) return `tcp ${probe.tcp}`;
  if ("http" in probe) return `http ${probe.http.port} ${probe.http.path}`;
  return `exec ${probe.exec}`;
}

/**
 * One try of a probe. Ports are reached from the host's network, as another sandbox would reach them, not from inside the guest: a service that listens on
 * loopback only, or a guest's firewall, shows.
 */
export async function tryProbe(context: WaitContext, probe: LabProbe): Promise<Attempt<true>> {
  const name = context.redact(describeProbe(probe));
  const outcome = "exec" in probe ? await tryCommand(context, probe.exec) : await tryPort(context, probe);
  if (outcome === undefined) return { done: true };
  const { sandbox } = context.target;
  return {
    waiting: `waiting for probe ${name}: ${outcome.found}`,
    cause: {
      code: "PROBE_FAILED",
      severity: "error",
      summary: `probe "${name}" of sandbox "${sandbox.name}": expected ${expectation(probe)}, found ${outcome.found}`,
      ...(outcome.detail === undefined || outcome.detail === "" ? {} : { detail: outcome.detail }),
      nextStep:
        "exec" in probe
          ? `Run it yourself: "terrarium ssh ${sandbox.name}", or correct the probe.`
          : `Look whether the service runs and listens on ${sandbox.nics[0]?.address ?? "its address"}, not on 127.0.0.1 only: "terrarium exec ${sandbox.name} -- ss -tln".`,
    },
  };
}

interface Failure {
  readonly found: string;
  readonly detail?: string;
}

function expectation(probe: LabProbe): string {
  if ("tcp" in probe) return "a connection";
  if ("http" in probe) return `status ${probe.http.status}`;
  return "exit code 0";
}

async function tryPort(
  { guest, target, signal, clock, deadline }: WaitContext,
  probe: Exclude<LabProbe, { exec: string }>,
): Promise<Failure | undefined> {
  const address = addressFromHost(target.sandbox) ?? target.sandbox.nics.find((nic) => nic.address !== undefined)?.address;
  if (address === undefined) return { found: "no address that the lab says: use `exec`" };
  const timeout = attemptTime({ target, clock, deadline });
  if ("tcp" in probe) {
    const answer = await guest.talk(address, probe.tcp, { timeout: Math.min(timeout, 5000), signal });
    return answer.kind === "answered" ? undefined : { found: answer.kind === "refused" ? "connection refused" : answer.detail };
  }
  const { port, path, status } = probe.http;
  const answer = await guest.talk(address, port, {
    say: httpRequest(address, port, path),
    enough: (received) => received.includes("\n"),
    timeout,
    signal,
  });
  if (answer.kind !== "answered") return { found: answer.kind === "refused" ? "connection refused" : answer.detail };
  const found = /^HTTP\/\d(?:\.\d)? (\d{3})/.exec(answer.received)?.[1];
  if (found === undefined) return { found: "an answer that is not HTTP" };
  return Number(found) === status ? undefined : { found: `status ${found}` };
}

/** Redirects are not followed: their status is the answer. */
export function httpRequest(address: string, port: number, path: string): string {
  // What cannot stand in a request line is written as a browser writes it.
  const target = path.replaceAll(/[^\u0021-\u007e]/gu, (character) => encodeURIComponent(character));
  const host = port === 80 ? address : `${address}:${port}`;
  return `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: terrarium\r\nAccept: */*\r\nConnection: close\r\n\r\n`;
}

async function tryCommand(context: WaitContext, command: string): Promise<Failure | undefined> {
  const { guest, signal, redact } = context;
  const { exitCode, stdout, stderr, failure, timedOut } = await guest.run(command, { timeout: attemptTime(context), signal });
  if (exitCode === 0) return undefined;
  const detail = redact(`${stdout}${stderr}`.trimEnd()).split("\n").slice(-20).join("\n");
  if (timedOut) return { found: "no end in time", detail };
  return failure ? { found: failure.summary, detail: failure.detail } : { found: `exit code ${exitCode}`, detail };
}
