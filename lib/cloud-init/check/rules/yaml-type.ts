import type { Config } from "../config.ts";
import type { ConfigRule, Finding } from "../rule.ts";
import type { Violation } from "../schema/evaluate-schema.ts";
import { plainViolations, sayPath } from "../schema/say-violation.ts";
import { describeValue } from "../schema/value-types.ts";

/** Text that YAML 1.1 takes for something else. */
export const yamlTypeRule: ConfigRule = {
  code: "CLOUD_INIT_YAML_TYPE",
  severity: "error",
  because:
    "cloud-init reads YAML 1.1: without quotes `0644` is the number 420, `on` and `yes` are true, `22:22` is 1342 (base 60), `2030-01-01` a date. Where text is wanted, that fails; where a number is " +
    "wanted, it is another one (then a warning).",
  example: {
    bad: "#cloud-config\nwrite_files:\n  - { path: /etc/motd, content: Hello, permissions: 0600 }\n",
    good: "#cloud-config\nwrite_files:\n  - { path: /etc/motd, content: Hello, permissions: '0600' }\n",
  },
  checkConfig: (config) => {
    const mistaken = plainViolations(config.evaluation.violations).filter((violation) => isMistakenType(violation, config));
    const places = new Set(mistaken.map(({ path }) => sayPath(path)));
    return [...mistaken.map((violation) => wrongType(violation, config)), ...otherNumbers(config, places)];
  },
};

/** True where text was wanted, and YAML made something else of what stands there without quotes. */
export function isMistakenType({ keyword, argument, value, path, branches }: Violation, config: Config): boolean {
  if (typeof value === "string" || (typeof value === "object") !== value instanceof Date) return false;
  const wantsText =
    (keyword === "type" && [argument].flat().includes("string")) ||
    (branches ?? []).some((branch) => branch.some((fault) => takesText(fault, path)));
  const written = config.plainText(path);
  return wantsText && written !== undefined && written !== "" && written !== "~";
}

function takesText({ keyword, argument, path }: Violation, place: Violation["path"]): boolean {
  return keyword === "type" && path.length === place.length && [argument].flat().includes("string");
}

function wrongType({ path, value }: Violation, config: Config): Finding {
  const place = sayPath(path);
  // What may be a password is not repeated.
  if (/passw|secret|token|key/i.test(place)) {
    return { path, of: "key", secret: true, summary: `${place} must be text, but YAML reads another type`, nextStep: "Put it in quotes." };
  }
  const written = config.plainText(path) ?? "";
  return {
    path,
    summary: `${place} must be text, but YAML reads ${written} as ${describeValue(value)}`,
    nextStep: `Put it in quotes: '${written}'.`,
  };
}

/** Numbers of which few know that YAML 1.1 reads them in another base. */
function otherNumbers(config: Config, places: ReadonlySet<string>): Finding[] {
  return [...config.plainNumbers()]
    .filter(({ path, source }) => /^[-+]?0[0-7_]*[1-7][0-7_]*$|:/.test(source) && !places.has(sayPath(path)))
    .map(({ path, source, value }) => ({
      path,
      severity: "warning" as const,
      summary: `${sayPath(path)}: YAML reads ${source} as the number ${value}`,
      nextStep: `Write ${value} if you mean that number, or '${source}' if you mean text.`,
    }));
}
