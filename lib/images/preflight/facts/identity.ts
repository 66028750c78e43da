import type { GuestTree } from "../../inspect/guest-tree.ts";
import type { Base } from "../base.ts";
import { entries } from "./tree-questions.ts";

/** What a machine that ran from this disk before has left of itself. */
export function readIdentity(tree: GuestTree): Base["identity"] {
  const instanceId = (tree.texts["/var/lib/cloud/data/instance-id"] ?? "").trim() || entries(tree, "/var/lib/cloud/instances")[0]?.name;
  return {
    ...(instanceId !== undefined && { instanceId }),
    // systemd writes "uninitialized" where an image is to get one at its first boot.
    machineId: /^[0-9a-f]{32}\s*$/.test(tree.texts["/etc/machine-id"] ?? ""),
    hostKeys: entries(tree, "/etc/ssh")
      .map(({ name }) => name)
      .filter((name) => /^ssh_host_\w+_key$/.test(name)),
  };
}
