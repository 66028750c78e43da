import type { Check } from "../finding.ts";

/** systemd derives a DHCP client id from it. */
export const machineId: Check = ({ identity, renderers }) => {
  const check = "machine-id";
  if (!identity.machineId) return { check, found: "empty: made at the first boot", verdict: "fine" };
  return {
    check,
    found: "filled: all sandboxes have the same",
    verdict: "cured",
    how:
      renderers[0] === "netplan"
        ? "the seed's network configuration has `dhcp-identifier: mac`"
        : "addresses are reserved by MAC; better is an empty one: `terrarium images prepare IMAGE --out FILE`",
  };
};
