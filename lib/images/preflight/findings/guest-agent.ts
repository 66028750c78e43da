import type { Check } from "../finding.ts";

/** Nice to have: addresses and host keys of sandboxes without a seed come from it. */
export const guestAgent: Check = ({ guestAgent: isThere }) => ({
  check: "guest-agent",
  found: isThere ? "qemu-guest-agent" : "none: not needed where there is a seed",
  verdict: "fine",
});
