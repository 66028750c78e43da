import type { NetworkWord, SandboxWord } from "../verdicts.ts";

/** From worst to harmless: the order in which things are told. */
export const worstFirst: readonly SandboxWord[] = ["destroy", "rebuild", "reseed", "reboot", "grow", "update", "create", "none"];

/** `db is rebuilt` */
export const happens: Readonly<Record<SandboxWord, string>> = {
  none: "is not touched",
  create: "is created",
  update: "is changed in place",
  grow: "grows in place",
  reboot: "restarts",
  reseed: "restarts, and cloud-init runs again",
  rebuild: "is rebuilt",
  destroy: "is destroyed",
};

export const networkHappens: Readonly<Record<NetworkWord, string>> = {
  none: "is not touched",
  create: "is created",
  update: "is changed in place",
  replaced: "is replaced",
  destroy: "is removed",
};
