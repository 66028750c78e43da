import type { Verdicts } from "./verdicts.ts";

/**
 * The sandboxes that exist now and that the apply will stop and start again, so that they can be shut down in order before it. One that is destroyed takes its disks with
 * it: nobody waits for it to write them. In the verdicts' order.
 */
export function affectedByStop({ sandboxes }: Pick<Verdicts, "sandboxes">): string[] {
  return sandboxes.filter(({ stops, word }) => stops && word !== "destroy").map(({ name }) => name);
}
