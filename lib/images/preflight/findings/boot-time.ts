import type { Check } from "../finding.ts";

/** Whether the default timeout is likely to be enough. */
export const bootTime: Check = ({ slowBoot }) => ({
  check: "boot-time",
  found:
    slowBoot.length === 0
      ? "ordinary"
      : `long, because of ${slowBoot.join(", ")}: give sandboxes a longer timeout if they are not ready in time`,
  verdict: "fine",
});
