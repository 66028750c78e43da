import type { Review } from "../review.ts";
import { htmlText } from "./html-escape.ts";

/** The policy as a JUnit report: a test for each rule and lab; what is denied has failed, a warning is its output. */
export function renderJunit({ labs, policy, policyRules = [] }: Review): string {
  const suites = labs.map(({ lab, file, problems }) => {
    const errors = problems.filter(({ severity }) => severity === "error").map(({ text }) => text);
    const cases = [testcase(file, "the lab can be judged", errors, [])];
    for (const rule of policyRules) {
      const told = policy.filter((finding) => finding.rule === rule && finding.lab === lab);
      const texts = (level: string): string[] => told.filter((one) => one.level === level).map(({ object, text }) => `${object}: ${text}`);
      cases.push(testcase(file, rule, texts("deny"), texts("warn")));
    }
    const failures = cases.filter(({ failed }) => failed).length;
    return `  <testsuite name="${htmlText(`${lab} (${file})`)}" tests="${cases.length}" failures="${failures}">\n${cases.map(({ xml }) => xml).join("")}  </testsuite>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="terrarium review">\n${suites.join("")}</testsuites>\n`;
}

function testcase(file: string, name: string, failures: readonly string[], warnings: readonly string[]): { xml: string; failed: boolean } {
  const inner = [
    ...failures.map((text) => `      <failure message="${htmlText(text)}"/>\n`),
    ...(warnings.length > 0 ? [`      <system-out>${htmlText(warnings.join("; "))}</system-out>\n`] : []),
  ].join("");
  const head = `    <testcase classname="${htmlText(file)}" name="${htmlText(name)}"`;
  return { xml: inner === "" ? `${head}/>\n` : `${head}>\n${inner}    </testcase>\n`, failed: failures.length > 0 };
}
