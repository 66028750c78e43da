import { relayMark } from "../../hypervisor/kvm/forwards/read-relays.ts";

/** True if this process was started to hold a sandbox's forwarded ports: a provider that is one file is its own relay. */
export function isRelay(words: readonly string[] = process.argv): boolean {
  return words[2] === relayMark;
}

/** Runs the relay until it is ended. */
export async function runRelay(): Promise<void> {
  await import("../../hypervisor/kvm/forwards/relay.ts");
}
