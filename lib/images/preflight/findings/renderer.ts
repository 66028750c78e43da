import type { Check } from "../finding.ts";

/** Who puts the network configuration of the seed into practice. */
export const renderer: Check = ({ cloudInit, renderers }) => {
  const check = "renderer";
  if (!cloudInit.installed) return { check, found: "no cloud-init", verdict: "unseen" };
  if (cloudInit.networkDisabledBy !== undefined) {
    return {
      check,
      found: `cloud-init is told to leave the network alone (${cloudInit.networkDisabledBy})`,
      verdict: "cannot",
      why: "the cards that the lab declares are not configured; what the image has fits the cards of another machine",
      nextStep: cloudInit.networkDisabledBy.startsWith("/etc/cloud/")
        ? "Remove that setting in the VM that the image comes from."
        : "Remove that word from the boot loader's settings in the VM that the image comes from.",
    };
  }
  const [first, ...others] = renderers;
  if (first === undefined) return { check, found: "none that we know", verdict: "unseen" };
  return { check, found: others.length === 0 ? first : `${first} (also there: ${others.join(", ")})`, verdict: "fine" };
};
