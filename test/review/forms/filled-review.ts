import type { Review } from "../../../lib/review/review.ts";

/** A review that has one text everywhere a lab, a repository or a provider could have put one. */
export function filledReview(text: string): Review {
  const place = { file: text, line: 3, column: 1 };
  const cost = { cpus: 1, memory: 2 ** 30, disk: 2 ** 30 };
  const reasons = [{ text, place }];
  const sandbox = {
    ...{ name: text, host: text, reasons, follows: [text], facts: [text], protected: false, labels: { [text]: text }, place },
    addresses: { before: [text], after: [text, text] },
    image: { before: { name: text, digest: "a" }, after: { name: text, digest: "b" } },
    cost: { before: cost, after: { ...cost, cpus: 2 } },
    cloudInit: [
      { kind: "removed", text } as const,
      { kind: "added", text } as const,
      { kind: "gap", text: "" } as const,
      { kind: "same", text } as const,
    ],
  };
  return {
    format: 1,
    base: { name: text, commit: "0123456789abcdef" },
    head: { name: text },
    labs: [
      {
        ...{ file: text, lab: text, change: "changed", source: "plan", notes: [text] },
        sandboxes: [
          { ...sandbox, word: "rebuild", downtime: "rebuild", losses: [{ disk: text, host: text, size: 2 ** 30 }] },
          { ...sandbox, word: "reboot", downtime: "restart", losses: [] },
          { ...sandbox, word: "create", downtime: "none", losses: [] },
        ],
        networks: [
          { name: text, host: text, ownedBy: text, word: "replaced", reasons, facts: [text], follows: [text], reboots: [text], place },
        ],
        images: [{ name: text, before: "a", after: "b", text }],
        cost: { before: cost, after: { ...cost, cpus: 2 } },
        drift: [{ object: text, text, repaired: false }],
        deviations: [{ object: text, expected: text, planned: text }],
        others: [{ address: text, word: "update" }],
        problems: [{ code: text, severity: "error", text, nextStep: text, place }],
      },
    ],
    unchanged: 1,
    policy: [{ rule: text, level: "deny", lab: text, object: text, text, place }],
    policyRules: [text],
  };
}
