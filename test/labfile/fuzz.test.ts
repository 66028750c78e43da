import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseLabFile } from "../../lib/labfile/parse-lab-file.ts";
import { labs, mutated } from "./mutated-labs.ts";
import { timed } from "./cpu-time.ts";

test("the labs of the corpus are valid", () => {
  for (const text of labs) expect(parseLabFile({ file: "lab.yaml", text }).diagnostics).toEqual([]);
});

test("a mutated lab file is a valid lab or has faults with places, and is read in time", () => {
  let valid = 0;
  let slowest = 0;
  fc.assert(
    fc.property(mutated, (text) => {
      const { value: parsed, milliseconds } = timed(() => parseLabFile({ file: "lab.yaml", text }));
      const { value, diagnostics } = parsed;
      slowest = Math.max(slowest, milliseconds);
      if (value) valid++;
      expect(value === undefined).toBe(diagnostics.length > 0);
      const lines = text.replace(/^\uFEFF/, "").split("\n");
      for (const { source, summary, nextStep } of diagnostics) {
        expect(summary).not.toMatch(/undefined|\[object/);
        expect(nextStep).toBeTruthy();
        expect(lines[(source?.line ?? 0) - 1]?.replace(/\r$/, "")).toBe(source?.text);
        expect((source?.column ?? 0) - 1 + (source?.length ?? 0)).toBeLessThanOrEqual(source?.text.length ?? 0);
      }
    }),
    { numRuns: 2000 },
  );
  expect(slowest).toBeLessThan(2000);
  // A fuzzer that only ever made broken files, or never one, would show nothing.
  expect(valid).toBeGreaterThan(50);
  expect(valid).toBeLessThan(1500);
});
