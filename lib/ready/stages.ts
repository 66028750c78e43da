import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SandboxRecord } from "../hypervisor/hypervisor.ts";
import { isOnHost, type LabNic } from "../lab/lab.ts";
import type { Attempt } from "./attempt.ts";
import { judgeCloudInit } from "./judge-cloud-init.ts";
import { isSameMac } from "../lab/plan/deployment-mac.ts";
import { awaitedNics, hasOpenAddress, seenNics } from "./nic-addresses.ts";
import { readCloudInit } from "./read-cloud-init.ts";
import type { WaitContext } from "./wait-context.ts";

/**
 * Milliseconds that one login, one file or one command may take, so that a hanging one does not take all the time there is. The last try before the
 * deadline gets five seconds: cut shorter it would say "no answer" of what refuses.
 */
export function attemptTime({ target, clock, deadline }: Pick<WaitContext, "target" | "clock" | "deadline">): number {
  return Math.max(5000, Math.min(target.accelerator === "tcg" ? 60_000 : 20_000, deadline - clock.now()));
}

/**
 * One look for addresses: leases and agent, and for a NIC with a static address, which has no lease, whether anything answers there.
 *
 * @returns as `done`, the addresses in words
 */
export async function tryAddresses(context: WaitContext, running: SandboxRecord): Promise<Attempt<string>> {
  const { target, guest, signal, watch } = context;
  const { sandbox } = target;
  const awaited = awaitedNics(sandbox);
  const [known, counters] = await Promise.all([watch.addresses(running, hasOpenAddress(sandbox)), watch.counters(running)]);
  // A lease outlives the guest that had it: after a restart it says nothing until the guest has spoken.
  const found = known.filter(({ mac, source }) => source === "agent" || counters.some((nic) => nic.mac === mac && nic.txBytes > 0));
  if (sandbox.nics.length > 0 && sandbox.nics.every(isUnseen)) return { done: "no address is waited for" };
  if (awaited.length === 0) {
    const any = found.find(({ mac }) => sandbox.nics.some((nic) => isSameMac(nic.mac, mac)));
    return any ? { done: any.address } : noAddress(context, "an address");
  }
  const missing: LabNic[] = [];
  for (const { nic, seen } of seenNics(awaited, found)) {
    if (seen === "asPlanned") continue;
    const answer =
      nic.addressing === "static" && nic.address !== undefined
        ? await guest.talk(nic.address, 22, { timeout: Math.min(3000, attemptTime(context)), signal })
        : undefined;
    if (answer === undefined || answer.kind === "silent") missing.push(nic);
  }
  if (missing.length === 0) {
    if (hasOpenAddress(sandbox)) await context.onAddressFound?.(target);
    const told = seenNics(awaited, found).map(({ nic, addresses }) => nic.address ?? addresses.map(({ address }) => address).join(" and "));
    return { done: told.join(", ") };
  }
  const others = seenNics(missing, found).filter(({ seen }) => seen === "other");
  const instead = others.map(({ nic, addresses }) => `${nic.network} has ${addresses.map(({ address }) => address).join(" and ")} instead`);
  return noAddress(
    context,
    missing.map(({ address = "an address", network }) => `${address} in ${network}`).join(", "),
    instead.join("; "),
  );
}

/** Nobody gives it an address, or none that the host could see. */
function isUnseen(nic: LabNic): boolean {
  return nic.addressing !== "dhcp" && !isOnHost(nic);
}

function noAddress({ target }: WaitContext, wanted: string, instead = ""): Attempt<never> {
  const { name } = target.sandbox;
  return {
    waiting: `waiting for ${wanted}${instead === "" ? "" : `; ${instead}`}`,
    cause: {
      code: "NO_ADDRESS",
      severity: "error",
      summary: `sandbox "${name}" did not get its address: expected ${wanted}, found ${instead === "" ? "none" : instead}`,
      nextStep: `Read its console: "terrarium logs ${name}".`,
    },
  };
}

/** One login. */
export async function tryLogin(context: WaitContext): Promise<Attempt<true>> {
  const { target, guest, signal, onHostKeyUnknown } = context;
  const { name } = target.sandbox;
  const { exitCode, failure, timedOut } = await guest.run("exit 0", { timeout: attemptTime(context), signal });
  if (exitCode === 0) return { done: true };
  if (failure?.code === "SSH_HOST_KEY_UNKNOWN") await onHostKeyUnknown?.(target);
  const cause: Diagnostic = failure ?? {
    code: timedOut ? "SSH_TIMEOUT" : "SSH_FAILED",
    severity: "error",
    summary: timedOut
      ? `expected a login in sandbox "${name}", but it took too long`
      : `expected a login in sandbox "${name}" to end with 0, but it ended with ${exitCode}: its login shell may refuse commands`,
    nextStep: `Try it: "terrarium ssh ${name}".`,
  };
  return { waiting: `waiting for ssh: ${sshWords[cause.code] ?? "it fails"}`, cause };
}

const sshWords: Partial<Record<Diagnostic["code"], string>> = {
  SSH_REFUSED: "connection refused",
  SSH_TIMEOUT: "no answer",
  SSH_NO_ROUTE: "no route",
  SSH_CLOSED: "connection closed",
  SSH_PERMISSION_DENIED: "login refused",
  SSH_HOST_KEY_CHANGED: "another host key",
  SSH_HOST_KEY_UNKNOWN: "host key unknown",
};

/** One look at cloud-init. */
export async function tryCloudInit(context: WaitContext, running: SandboxRecord): Promise<Attempt<readonly Diagnostic[]>> {
  const { target, redact } = context;
  const view = await readCloudInit(context, running, attemptTime(context));
  if ("unseen" in view) return { waiting: "waiting for cloud-init: cannot look", cause: view.unseen };
  return judgeCloudInit(view.files, { sandbox: target.sandbox, instanceId: target.instanceId, redact });
}
