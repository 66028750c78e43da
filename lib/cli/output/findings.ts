import type { Finding } from "../../images/preflight/finding.ts";
import { wrap } from "./wrap.ts";

/** Findings for people: a word for the verdict, what was found, and under it how it is cured or what to do. */
export function renderFindings(findings: readonly Finding[], columns = 100): string {
  const longest = Math.max(...findings.map(({ check }) => check.length));
  return findings
    .flatMap((finding) => {
      const head = `${finding.verdict.padEnd("cannot".length)}  ${finding.check.padEnd(longest)}  `;
      const margin = " ".repeat(head.length);
      const lines = [finding.found, ...explanation(finding)].flatMap((text) =>
        wrap([{ text }], { color: false, width: columns, indent: head.length }),
      );
      return lines.map((line, index) => `${index === 0 ? head : margin}${line}\n`);
    })
    .join("");
}

function explanation(finding: Finding): string[] {
  if (finding.verdict === "cured") return [finding.how];
  return finding.verdict === "cannot" ? [finding.why, `→ ${finding.nextStep}`] : [];
}
