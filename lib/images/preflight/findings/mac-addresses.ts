import type { Base } from "../base.ts";
import type { Check } from "../finding.ts";

/** Network files that are bound to another machine's card: without us a clone has no network. */
export const macAddresses: Check = ({ network: { pinned }, cloudInit }) => {
  const check = "mac-addresses";
  if (pinned.length === 0) return { check, found: "no network file is bound to a MAC", verdict: "fine" };
  const found = pinned.map(({ path, macs }) => `${path} (${macs.join(", ")})`).join("; ");
  const obstacle = obstacleOf(cloudInit);
  if (obstacle === undefined) {
    return {
      check,
      found,
      verdict: "cured",
      how: "the seed's network configuration names every card by the MAC that the sandbox has; these files then fit no card",
    };
  }
  return {
    check,
    found,
    verdict: "cannot",
    why: `a sandbox has other MACs, and ${obstacle}`,
    nextStep:
      "Let cloud-init configure the network in the VM that the image comes from; `terrarium images prepare IMAGE --out FILE --remove-network-files` makes an image without those files (of ifcfg: without those lines).",
  };
};

/** Why cloud-init cannot cure it. */
function obstacleOf({ installed, disabledBy, networkDisabledBy }: Base["cloudInit"]): string | undefined {
  if (!installed) return "there is no cloud-init to configure them";
  if (disabledBy !== undefined) return "cloud-init, which would configure them, is switched off";
  return networkDisabledBy === undefined ? undefined : "cloud-init is told not to configure them";
}
