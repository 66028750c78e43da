import type { Verdicts } from "../../../lib/review/verdicts.ts";

/** What an expected plan and a real one must agree on. */
export function comparable({ sandboxes, networks }: Verdicts): object {
  const key = ({ host, name }: { readonly host: string; readonly name: string }): string => `${host}/${name}`;
  // Recorded plans leave out what is not touched.
  return { sandboxes, networks: networks.filter(({ word }) => word !== "none").toSorted((a, b) => (key(a) < key(b) ? -1 : 1)) };
}
