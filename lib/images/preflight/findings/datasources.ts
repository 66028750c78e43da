import type { Check, SeedKind } from "../finding.ts";

const nameOf: Readonly<Record<SeedKind, string>> = { nocloud: "NoCloud", configdrive: "ConfigDrive" };

/** Whether cloud-init looks for a seed of our kind. */
export const datasources: Check = ({ cloudInit: { installed, datasources: only } }, { seeds }) => {
  const check = "datasources";
  if (!installed) return { check, found: "no cloud-init", verdict: "unseen" };
  if (!only) return { check, found: "all that cloud-init knows", verdict: "fine" };
  const found = `${only.names.join(", ")} (${only.from})`;
  if (seeds.some((seed) => only.names.includes(nameOf[seed]))) return { check, found, verdict: "fine" };
  return {
    check,
    found,
    verdict: "cannot",
    why: `cloud-init looks for no seed of the kind ${seeds.map((seed) => nameOf[seed]).join(" or ")}`,
    nextStep: `In the VM that the image comes from: remove that setting from ${only.from}, or add ${seeds.map((seed) => nameOf[seed]).join(", ")} to it.`,
  };
};
