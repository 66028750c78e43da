import pLimit from "p-limit";
import { expectedGateways, expectedNames, expectedNics, expectedReach } from "../lab/expected-reach.ts";
import type { Lab, LabSandbox } from "../lab/lab.ts";
import { runOverSsh } from "../ssh/run-over-ssh.ts";
import { Duration } from "../units/duration.ts";
import { selectSandboxes, type Deployed } from "./deployed.ts";
import { netCheckScript, readAnswers, type GuestAnswer, type GuestQuestion } from "./net-check-script.ts";

/** What was looked at: `login` is the host's own way to the sandbox by SSH; `isolation` is a pair that must not talk. */
export type NetCheckKind = "login" | "address" | "gateway" | "name" | "ping" | "tcp" | "isolation";

export interface NetCheckResult {
  readonly sandbox: string;
  readonly kind: NetCheckKind;
  /** What was asked, in words: `db at 10.20.0.11 in front`. */
  readonly what: string;
  readonly outcome: "passed" | "failed" | "unknown";
  /** Why it is expected, or what was found. */
  readonly detail?: string;
}

export interface NetCheckReport {
  readonly results: readonly NetCheckResult[];
  readonly passed: number;
  readonly failed: number;
  readonly unknown: number;
  /** Milliseconds. */
  readonly took: number;
}

interface Check {
  readonly kind: NetCheckKind;
  readonly what: string;
  readonly why?: string;
  readonly question: GuestQuestion;
  readonly expected: "yes" | "no";
}

/** How many guests are asked at once. */
const atOnce = 16;
const patience = Duration.seconds(60);
const sshPort = 22;

/**
 * Asks every sandbox, all at the same time and each in one login: whether it has its addresses, reaches its gateways, resolves the names of its neighbours, reaches those that it shares a network
 * with (ping, and TCP to their SSH server), and does not reach those that it must not.
 *
 * @param names sandboxes to ask; none: all
 */
export async function checkNetworks(deployed: Deployed, names: readonly string[] = [], signal?: AbortSignal): Promise<NetCheckReport> {
  const start = performance.now();
  const limit = pLimit(atOnce);
  const results = await Promise.all(
    selectSandboxes(deployed, names).map(({ sandbox }) => limit(async () => await checkSandbox(deployed, sandbox, signal))),
  );
  return reportOf(results.flat(), Math.round(performance.now() - start));
}

/** Pure. */
export function reportOf(results: readonly NetCheckResult[], took: number): NetCheckReport {
  const count = (outcome: NetCheckResult["outcome"]): number => results.filter((result) => result.outcome === outcome).length;
  return { results, passed: count("passed"), failed: count("failed"), unknown: count("unknown"), took };
}

async function checkSandbox({ lab, sshConfig }: Deployed, sandbox: LabSandbox, signal?: AbortSignal): Promise<NetCheckResult[]> {
  const { name } = sandbox;
  const checks = checksOf(lab, sandbox);
  const command = netCheckScript(checks.map(({ question, expected }) => ({ ...question, patient: expected === "yes" })));
  const { stdout, failure, timedOut } = await runOverSsh({
    configFile: sshConfig,
    sandbox: name,
    command,
    batch: true,
    timeout: patience,
    signal,
  });
  const refused = failure?.summary ?? (timedOut && stdout === "" ? `no answer within ${patience.toString()}` : undefined);
  const login: NetCheckResult = {
    sandbox: name,
    kind: "login",
    what: "SSH from its host",
    outcome: refused === undefined ? "passed" : "failed",
    ...(refused !== undefined && { detail: refused }),
  };
  if (refused !== undefined) return [login, ...checks.map((check) => resultOf(name, check, "unknown"))];
  const answers = readAnswers(stdout, checks.length);
  const late = timedOut ? `no end within ${patience.toString()}` : undefined;
  return [login, ...checks.map((check, index) => resultOf(name, check, answers[index] ?? "unknown", late))];
}

/** What is to be found out in a sandbox. Pure. */
export function checksOf(lab: Lab, sandbox: LabSandbox): Check[] {
  const { name } = sandbox;
  const addresses = expectedNics(sandbox).map(({ network, address }): Check => ({
    kind: "address",
    what: `${address} in ${network}`,
    question: { ask: "address", address },
    expected: "yes",
  }));
  const gateways = expectedGateways(lab, sandbox).map(({ network, address }): Check => ({
    kind: "gateway",
    what: `${address} of ${network}`,
    question: { ask: "ping", address },
    expected: "yes",
  }));
  const names = expectedNames(lab, sandbox).map((one): Check => ({
    kind: "name",
    what: `${one.name} is ${one.address}`,
    question: { ask: "name", ...one },
    expected: "yes",
  }));
  const said = (lab.reach ?? []).filter(({ from }) => from === name);
  const written = said.map(({ to, address, port, reaches }): Check => ({
    kind: reaches ? (port === undefined ? "ping" : "tcp") : "isolation",
    what: `${to === address ? to : `${to} at ${address}`}${port === undefined ? "" : `, port ${port}`}`,
    why: reaches ? "the lab says `reachable`" : "the lab says `unreachable`",
    question: port === undefined ? { ask: "ping", address } : { ask: "tcp", address, port },
    expected: reaches ? "yes" : "no",
  }));
  const pairs = expectedReach(lab)
    // What the lab says of a pair as a whole is all there is to say.
    .filter(({ from, to }) => from === name && !said.some((one) => one.to === to && one.port === undefined))
    .flatMap(({ to, network, address, reaches, why }): Check[] => {
      const what = `${to} at ${address} in ${network}`;
      const [ping, tcp] = [{ ask: "ping", address } as const, { ask: "tcp", address, port: sshPort } as const];
      if (!reaches)
        return [
          { kind: "isolation", what: `${what} (ping)`, why, question: ping, expected: "no" },
          { kind: "isolation", what: `${what} (TCP ${sshPort})`, why, question: tcp, expected: "no" },
        ];
      return [
        { kind: "ping", what, why, question: ping, expected: "yes" },
        { kind: "tcp", what: `${what}, port ${sshPort}`, why, question: tcp, expected: "yes" },
      ];
    });
  return [...addresses, ...gateways, ...names, ...pairs, ...written];
}

function resultOf(sandbox: string, { kind, what, why, expected }: Check, answer: GuestAnswer, late?: string): NetCheckResult {
  const outcome = answer === "unknown" ? "unknown" : answer === expected ? "passed" : "failed";
  const found = outcome === "failed" ? (expected === "yes" ? "no answer" : "it answers") : undefined;
  const detail = [found, why, outcome === "unknown" ? late : undefined].filter((text) => text !== undefined).join("; ");
  return { sandbox, kind, what, outcome, ...(detail !== "" && { detail }) };
}
