import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { renderVerdicts } from "../../../lib/cli/output/plan.ts";
import type { Verdicts } from "../../../lib/review/verdicts.ts";
import type { WrittenLab } from "../../../lib/lab/written-lab.ts";
import { verdictsOf } from "../../../lib/review/verdicts-of.ts";
import { base, verdictsBetween, withDb } from "../../review/labs.ts";
import { planOf, sideOf, withDrift } from "../../review/plan-builder.ts";

/** A bit of everything. */
const changed: WrittenLab = {
  ...withDb({ disk: "20GiB", disks: [], memory: "2GiB" }),
  networks: { front: { ...base.networks.front, reserve: 64 }, back: { mode: "isolated", cidr: "10.30.0.0/24" } },
  sandboxes: {
    ...withDb({ disk: "20GiB", disks: [], memory: "2GiB" }).sandboxes,
    web: { ...base.sandboxes.web, count: 1 },
    new: { cpus: 2, networks: ["back"], overrides: { "devices.videos": [] } },
    lone: {},
  },
};

test("a plan names each sandbox and network that changes, what is lost, and a sum", () => {
  expect(`\n${renderVerdicts(verdictsBetween(base, changed), { color: false, width: 90 })}`).toMatchInlineSnapshot(`
    "
      db     rebuild   root disk 10GiB → 20GiB; disk data removed; memory 512MiB → 2GiB;
                       network front is replaced — LOSES root disk (10GiB), disk data (20GiB)
      lone   create    1 CPU, 512MiB, 10GiB, 10.246.37.226 (own network)
      new    create    2 CPUs, 512MiB, 10GiB, 10.30.0.26 (back), override devices.videos
      web-1  reboot    network front is replaced
      web-2  destroy   web has fewer copies now — LOSES root disk (10GiB)
      back   network created: isolated, 10.30.0.0/24
      front  network replaced: reserve 32 → 64; reboots db, web-1

    2 to create, 1 to reboot, 1 to rebuild (2 losses), 1 to destroy (1 loss), 1 network to
    create, 1 network to replace.
    "
  `);
});

test("colours add nothing but colours", () => {
  const verdicts = verdictsBetween(base, changed);
  const colored = renderVerdicts(verdicts, { color: true, width: 90 });
  expect(colored).toContain("\u001b[31m");
  expect(stripVTControlCharacters(colored)).toBe(renderVerdicts(verdicts, { color: false, width: 90 }));
});

test("lines fit the terminal", () => {
  const lines = renderVerdicts(verdictsBetween(base, changed), { color: false, width: 60 }).split("\n");
  expect(lines.filter((line) => line.length > 60)).toEqual([]);
});

test("a plan without changes says so, and what changed behind its back", () => {
  const side = sideOf(base);
  const plan = planOf({ before: side, after: side });
  const render = (changes: typeof plan): string =>
    renderVerdicts(verdictsOf({ plan: changes, lab: side.lab, applied: side.lab }), { color: false });
  expect(render(plan)).toBe("No changes.\n");
  expect(render(withDrift(plan, "libvirt_domain.sandbox_local_db", { memory: 1024 }))).toBe(
    "  note: sandbox db was changed outside Terrarium: memory 512MiB → 1GiB (left as it is)\n\nNo changes.\n",
  );
});

test("changes of Terrarium's own records only are told as that", () => {
  expect(renderVerdicts(verdictsBetween(base, withDb({ protect: true })), { color: false })).toBe(
    "No changes to sandboxes and networks; Terrarium's own records are brought up to date.\n",
  );
});

test("hostile names cannot reach the terminal", () => {
  const verdicts: Verdicts = {
    ...verdictsBetween(base, base),
    hasChanges: true,
    sandboxes: [
      {
        name: "a\u001b[2Jb",
        host: "local",
        word: "rebuild",
        reasons: [{ text: "label x\u202Ey\r changed" }],
        losses: [{ disk: "d\u001b]0;t\u0007", host: "local" }],
        facts: [],
        stops: true,
        path: [],
      },
    ],
    others: [{ address: 'x.y["\u001b[31m"]', word: "create" }],
  };
  const text = renderVerdicts(verdicts, { color: false });
  expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
  expect(text).toContain("a\\u001b[2Jb");
  expect(text).toContain("LOSES disk d\\u001b]0;t\\u0007");
});
