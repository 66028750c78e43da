import type { DiagnosticCode } from "../diagnostics/codes.ts";

interface Patience {
  readonly seconds: number;
  /** True: what the guest does takes three times as long under emulation. */
  readonly scaled: boolean;
}

const final: Patience = { seconds: 0, scaled: false };
const host: Patience = { seconds: 15, scaled: false };

/**
 * How long the same trouble must last, without a pause, before waiting any longer is in vain. What is not listed is waited for until the deadline: a
 * booting guest refuses connections, answers nothing and closes connections, all in order.
 */
const patience: Partial<Record<DiagnosticCode, Patience>> = {
  SSH_MISSING: final,
  SSH_KEY_UNUSABLE: final,
  SSH_CONFIG_VALUE: final,
  // On a first boot an image's own host keys may answer until cloud-init has put the seed's in their place, and its users may come later than its server.
  SSH_HOST_KEY_CHANGED: { seconds: 30, scaled: true },
  SSH_HOST_KEY_UNKNOWN: { seconds: 60, scaled: true },
  SSH_PERMISSION_DENIED: { seconds: 60, scaled: true },
  SANDBOX_NOT_RUNNING: final,
  // libvirt pauses a guest for a moment while it starts, saves and copies.
  SANDBOX_PAUSED: { seconds: 10, scaled: false },
  // A guest may reboot by itself after a panic; what comes then pushes it off the console's last lines.
  GUEST_CANNOT_BOOT: { seconds: 15, scaled: false },
  GUEST_HAS_NO_CLOUD_INIT: final,
  CLOUD_INIT_DISABLED: final,
  CLOUD_INIT_FAILED: final,
  SEED_NOT_READ: final,
  HOST_UNREACHABLE: host,
  HOST_DENIED: host,
  HOST_LOST: host,
  HOST_TIMEOUT: { seconds: 60, scaled: false },
  HYPERVISOR_FAILED: host,
  TOOL_MISSING: final,
};

/** @returns milliseconds; undefined: until the deadline */
export function patienceWith(code: DiagnosticCode, accelerator: "kvm" | "tcg"): number | undefined {
  const found = patience[code];
  if (!found) return undefined;
  return found.seconds * 1000 * (found.scaled && accelerator === "tcg" ? 3 : 1);
}
