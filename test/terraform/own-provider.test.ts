import { expect, test } from "vitest";
import { ownDiagnostic } from "../../lib/terraform/own-provider.ts";
import { translate } from "../../lib/terraform/translate.ts";

const stranger = {
  severity: "error",
  summary: 'a network "demo-front" belongs to lab "other"',
  detail: "deployment 5f3a\n→ Rename the lab.\n(STRANGER)",
  address: "terrarium_network.network_local_front",
} as const;

test("a diagnostic of our own provider keeps its code, its detail and its next step", () => {
  expect(translate([stranger], { constraints: new Map() })).toMatchObject([
    {
      diagnostic: {
        code: "STRANGER",
        severity: "error",
        summary: stranger.summary,
        detail: "deployment 5f3a",
        nextStep: "Rename the lab.",
      },
      address: stranger.address,
    },
  ]);
});

test("a code alone, and one without an arrow, are read as well", () => {
  const said = { severity: "warning", summary: "x" } as const;
  expect(ownDiagnostic({ ...said, detail: "(STRANGER)" })).toEqual({ ...said, code: "STRANGER" });
  expect(ownDiagnostic({ ...said, detail: "Set size to 2GiB or more.\n(DISK_SHRINKS)\n" })).toEqual({
    ...said,
    code: "DISK_SHRINKS",
    nextStep: "Set size to 2GiB or more.",
  });
});

test("what somebody else said is not taken for ours", () => {
  for (const detail of ["", "it failed", "(NO_SUCH_CODE_OF_OURS)", "see (STRANGER) above"])
    expect(ownDiagnostic({ severity: "error", summary: "x", detail })).toBeUndefined();
});
