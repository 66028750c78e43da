import type { Check } from "../finding.ts";

/** Rules such as `70-persistent-net.rules` keep `eth0` for the card of the machine where they were written. */
export const udevRules: Check = ({ network: { udevRules: found } }) =>
  found.length === 0
    ? { check: "udev-rules", found: "none that name cards by their MAC", verdict: "fine" }
    : {
        check: "udev-rules",
        found: found.join(", "),
        verdict: "cured",
        how: "the seed's network configuration names every card by its own MAC",
      };
