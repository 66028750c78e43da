import type { NetCheckReport, NetCheckResult } from "../../deploy/net-check.ts";

/** The results of `terrarium net check` in the form that CI systems read: a suite for the lab, a case for each check; what nobody could tell is skipped. */
export function junitText(lab: string, { results, failed, unknown, took }: NetCheckReport): string {
  const head = `name="${xml(`terrarium net check ${lab}`)}" tests="${results.length}" failures="${failed}" skipped="${unknown}" time="${(took / 1000).toFixed(3)}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n  <testsuite ${head}>\n${results.map(testCase).join("")}  </testsuite>\n</testsuites>\n`;
}

function testCase({ sandbox, kind, what, outcome, detail = "" }: NetCheckResult): string {
  const head = `classname="${xml(sandbox)}" name="${xml(`${kind}: ${what}`)}"`;
  if (outcome === "passed") return `    <testcase ${head}/>\n`;
  const inner = outcome === "failed" ? `<failure message="${xml(detail)}"/>` : "<skipped/>";
  return `    <testcase ${head}>${inner}</testcase>\n`;
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\t": "&#9;" };

/** Characters that XML 1.0 cannot hold become a question mark. */
function xml(text: string): string {
  return text.replaceAll(/[\p{Cc}&<>"]/gu, (character) => entities[character] ?? "?");
}
