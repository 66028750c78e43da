import type { Attributes } from "../framework/attribute.ts";
import type { AttributePath, Problem } from "../framework/problem.ts";
import type { CtyType } from "../framework/value.ts";
import { attributeType } from "../framework/schema-type.ts";
import { severities } from "./messages.ts";

/** Problems as Terraform's diagnostics; their paths lead as far as the schema goes. */
export function encodeProblems(problems: readonly Problem[], attributes: Attributes | undefined) {
  return problems.map(({ severity, summary, detail, path }) => ({
    severity: severities[severity],
    summary,
    ...(detail === undefined ? {} : { detail }),
    ...(path && path.length > 0 && attributes ? { attribute: encodePath(path, attributes) } : {}),
  }));
}

/** A path as Terraform's steps. It ends where the schema has no such step, and at a set, whose elements have no name. */
export function encodePath(path: AttributePath, attributes: Attributes) {
  const steps: { attributeName?: string; elementKeyString?: string; elementKeyInt?: number }[] = [];
  let type: CtyType = [
    "object",
    Object.fromEntries(Object.entries(attributes).map(([name, attribute]) => [name, attributeType(attribute)])),
  ];
  for (const step of path) {
    if (typeof type === "string" || type[0] === "set") break;
    if (type[0] === "object") {
      const next: CtyType | undefined = Object.hasOwn(type[1], step) ? type[1][step] : undefined;
      if (!next) break;
      steps.push({ attributeName: String(step) });
      type = next;
    } else if (type[0] === "map") {
      steps.push({ elementKeyString: String(step) });
      type = type[1];
    } else {
      if (typeof step !== "number") break;
      steps.push({ elementKeyInt: step });
      type = type[0] === "tuple" ? (type[1][step] ?? "dynamic") : type[1];
    }
  }
  return { steps };
}
