import type { Check } from "../finding.ts";

export const hostKeys: Check = ({ identity: { hostKeys: found } }) =>
  found.length === 0
    ? { check: "host-keys", found: "none", verdict: "fine" }
    : {
        check: "host-keys",
        found: `${found.join(", ")} of a former machine`,
        verdict: "cured",
        how: "every sandbox's seed has host keys of its own, and cloud-init deletes these",
      };
