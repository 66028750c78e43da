import { rootDiskIdentity, seedFileName, seedIdentity, surroundingsId } from "../../lab/seed-identity.ts";
import type { Placed } from "../sandbox-differences.ts";

/** The seed's file of a sandbox whose secrets are what they were; undefined without a seed. */
export function declaredSeed({ lab, sandbox }: Placed): string | undefined {
  return sandbox.seed === "none" ? undefined : seedFileName(sandbox, seedIdentity(lab, sandbox));
}

/** The seed that a sandbox has after the change: with `onChange: ignore` the former one stays, unless host name, network or root disk bring another. */
export function seedAfter(before: Placed, after: Placed): string | undefined {
  const [former, declared] = [declaredSeed(before), declaredSeed(after)];
  if (former === undefined || declared === undefined || after.sandbox.cloudInit.onChange !== "ignore") return declared;
  // Values that are made for the first time replace nothing.
  if (before.sandbox.cloudInit.onChange === undefined) return former;
  const same =
    surroundingsId(before.lab, before.sandbox) === surroundingsId(after.lab, after.sandbox) &&
    rootDiskIdentity(before.lab, before.sandbox) === rootDiskIdentity(after.lab, after.sandbox);
  return same ? former : declared;
}

/** True if another root disk is asked for: another image, and with `onChange: rebuild` other cloud-init. */
export function makesRootDiskAnew(before: Placed, after: Placed): boolean {
  if (rootDiskIdentity(before.lab, before.sandbox) !== rootDiskIdentity(after.lab, after.sandbox)) return true;
  if (after.sandbox.cloudInit.onChange !== "rebuild" || before.sandbox.cloudInit.onChange === undefined) return false;
  if (before.sandbox.seed === "none" || after.sandbox.seed === "none") return false;
  return seedIdentity(before.lab, before.sandbox).cloudInitId !== seedIdentity(after.lab, after.sandbox).cloudInitId;
}
