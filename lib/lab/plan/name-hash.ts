import { hash } from "node:crypto";

/**
 * 48 bits of SHA-256 over the names, as a number. Planned values come from this alone, so that equal names give equal plans on every
 * machine. A changed name here would move every lab without a lock: never change it.
 *
 * @example nameHash("bridge", "web-tier", "front")
 */
export function nameHash(...names: (string | number)[]): number {
  return Number.parseInt(hash("sha256", names.join("\0"), "hex").slice(0, 12), 16);
}
