import type { Verdicts } from "./verdicts.ts";

/** The sandboxes that exist now and that the apply will stop, so that they can be shut down in order before it. In the verdicts' order. */
export function affectedByStop({ sandboxes }: Pick<Verdicts, "sandboxes">): string[] {
  return sandboxes.filter(({ stops }) => stops).map(({ name }) => name);
}
