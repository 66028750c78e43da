import type { Check } from "../finding.ts";

/** A clone with its base's instance-id would skip all per-instance work: users, keys, network. */
export const instanceId: Check = ({ identity }) =>
  identity.instanceId === undefined
    ? { check: "instance-id", found: "none: cloud-init has not run", verdict: "fine" }
    : {
        check: "instance-id",
        found: `${identity.instanceId}, of a former machine`,
        verdict: "cured",
        how: "every sandbox's seed has an instance-id of its own, so that cloud-init runs again",
      };
