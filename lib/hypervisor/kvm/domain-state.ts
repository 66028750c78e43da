import type { SandboxState } from "../hypervisor.ts";

/** libvirt's numbers (virDomainState and its reasons, libvirt-domain.h), as `domstats --state` gives them. */
const reasons: Readonly<Record<number, readonly string[]>> = {
  1: ["unknown", "booted", "migrated", "restored", "from-snapshot", "unpaused", "migration-canceled", "save-canceled", "wakeup", "crashed"],
  3: [
    "unknown",
    "user",
    "migration",
    "save",
    "dump",
    "ioerror",
    "watchdog",
    "from-snapshot",
    "shutting-down",
    "snapshot",
    "crashed",
    "starting-up",
  ],
  4: ["unknown", "user"],
  5: ["unknown", "shutdown", "destroyed", "crashed", "migrated", "saved", "failed", "from-snapshot", "daemon"],
  6: ["unknown", "panicked"],
};

/** Translates libvirt's state and reason. Pure. */
export function sandboxState(state: number, reason: number): { readonly state: SandboxState; readonly reason: string } {
  const word = reasons[state]?.[reason] ?? "unknown";
  if (state === 6 || (state === 5 && word === "crashed")) return { state: "crashed", reason: word };
  if (state === 5 || state === 0) return { state: "off", reason: word };
  // 7: suspended to memory by the guest itself.
  if (state === 3 || state === 7) return { state: "paused", reason: state === 7 ? "suspended" : word };
  return { state: "running", reason: state === 4 ? "shutting-down" : word };
}
