import type { GuestTree } from "../../inspect/guest-tree.ts";
import { directoriesLike, entries, hasEntry, hasProgram } from "./tree-questions.ts";

/** What makes a first boot long: a desktop, snaps, services that wait for the network. */
export function readSlowBoot(tree: GuestTree): string[] {
  const wanted = directoriesLike(tree, /^\/etc\/systemd\/system\/.*\.wants$/).flatMap((directory) => entries(tree, directory));
  const reasons: readonly (readonly [string, boolean])[] = [
    ["a desktop", hasEntry(tree, "/etc/systemd/system", "display-manager.service")],
    ["snaps", hasProgram(tree, "snap")],
    ["NetworkManager-wait-online", wanted.some(({ name }) => name === "NetworkManager-wait-online.service")],
    ["systemd-networkd-wait-online", wanted.some(({ name }) => name === "systemd-networkd-wait-online.service")],
  ];
  return reasons.filter(([, applies]) => applies).map(([reason]) => reason);
}
