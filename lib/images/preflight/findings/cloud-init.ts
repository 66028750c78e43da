import type { Check } from "../finding.ts";

/** Without cloud-init nobody reads the seed: no login, no host name, no network configuration. */
export const cloudInit: Check = ({ cloudInit: { installed, version, disabledBy } }) => {
  const check = "cloud-init";
  if (!installed) {
    return {
      check,
      found: "not installed",
      verdict: "cannot",
      why: "nothing in the guest reads the seed",
      nextStep:
        "Install cloud-init in the VM that the image comes from, or give its sandboxes `seed: none` and what they need by other means.",
    };
  }
  const named = version === undefined ? "of an unknown version" : version;
  if (disabledBy === undefined) return { check, found: `${named}, enabled`, verdict: "fine" };
  return {
    check,
    found: `${named}, switched off: ${disabledBy}`,
    verdict: "cannot",
    why: "cloud-init does not run, so nothing reads the seed",
    nextStep:
      "Switch it on in the VM that the image comes from: remove that file or setting, `systemctl unmask` or `systemctl enable` its services.",
  };
};
