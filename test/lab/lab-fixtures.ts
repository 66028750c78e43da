import { normalizeLab, type NormalizedLab, type NormalizeOptions } from "../../lib/lab/normalize-lab.ts";
import type { WrittenLab, WrittenSandbox } from "../../lib/lab/written-lab.ts";

/** A lab that is complete but for its sandboxes. */
export function labOf(sandboxes: Record<string, WrittenSandbox>, rest: Partial<WrittenLab> = {}): WrittenLab {
  return { lab: "test", images: { base: { bootstrap: { suite: "bookworm" } } }, defaults: { image: "base" }, sandboxes, ...rest };
}

/** The normalized lab; fails with the diagnostics where there is none. */
export function normalized(written: WrittenLab, options: NormalizeOptions = {}): NormalizedLab {
  const { value, diagnostics } = normalizeLab(written, options);
  if (value === undefined) throw new Error(JSON.stringify(diagnostics, null, 2));
  return value;
}

/** What there is to say of a lab, as `CODE at.its.path`. */
export function said(written: WrittenLab, options: NormalizeOptions = {}): string[] {
  return normalizeLab(written, options).diagnostics.map(({ code, path = [] }) => `${code} ${path.join(".")}`);
}
