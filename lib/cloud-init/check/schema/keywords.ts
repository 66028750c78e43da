import type { Evaluation, Evaluator, Findings, Schema, ValuePath, Violation } from "./evaluate-schema.ts";
import { isMap, isOfType } from "./value-types.ts";

/** One keyword of one schema, and the value that it judges. */
interface Judged {
  readonly schema: Schema;
  readonly argument: unknown;
  readonly value: unknown;
  readonly path: ValuePath;
  readonly evaluator: Evaluator;
  readonly into: Findings;
}

type Keyword = (judged: Judged) => void;

/** Those that cloud-init's schemas use, and that Draft 4 knows. */
export const keywords: Readonly<Record<string, Keyword | undefined>> = {
  $ref: ({ argument, value, path, evaluator, into }) => evaluator.collect(evaluator.resolve(argument as string), value, path, into),
  allOf: ({ argument, value, path, evaluator, into }) => {
    for (const schema of argument as Schema[]) evaluator.collect(schema, value, path, into);
  },
  anyOf: (judged) => void firstForm(judged, "anyOf"),
  oneOf: (judged) => {
    const { argument, value, path, evaluator } = judged;
    const first = firstForm(judged, "oneOf");
    if (first === -1) return;
    const others = (argument as Schema[]).slice(first + 1);
    if (others.some((schema) => evaluator.evaluate(schema, value, path).violations.length === 0)) violate(judged, "oneOf");
  },
  not: (judged) => {
    const { argument, value, path, evaluator } = judged;
    if (evaluator.evaluate(argument as Schema, value, path).violations.length === 0) violate(judged, "not");
  },
  type: (judged) => {
    const types = typeof judged.argument === "string" ? [judged.argument] : (judged.argument as string[]);
    if (!types.some((type) => isOfType(judged.value, type))) violate(judged, "type");
  },
  enum: (judged) => {
    if (!Array.isArray(judged.argument)) return;
    const text = JSON.stringify(judged.value);
    if (!judged.argument.some((allowed) => JSON.stringify(allowed) === text)) violate(judged, "enum");
  },
  pattern: (judged) => {
    if (typeof judged.value === "string" && !judged.evaluator.matches(judged.argument as string, judged.value)) violate(judged, "pattern");
  },
  format: (judged) => {
    // Of the formats that the schemas name, this one alone needs no further Python package, and so is judged on every guest.
    if (judged.argument === "date" && typeof judged.value === "string" && !isDate(judged.value)) violate(judged, "format");
  },
  minimum: (judged) => {
    if (typeof judged.value === "number" && judged.value < (judged.argument as number)) violate(judged, "minimum");
  },
  maximum: (judged) => {
    if (typeof judged.value === "number" && judged.value > (judged.argument as number)) violate(judged, "maximum");
  },
  maxLength: (judged) => {
    if (typeof judged.value === "string" && Array.from(judged.value).length > (judged.argument as number)) violate(judged, "maxLength");
  },
  minItems: (judged) => {
    if (Array.isArray(judged.value) && judged.value.length < (judged.argument as number)) violate(judged, "minItems");
  },
  maxItems: (judged) => {
    if (Array.isArray(judged.value) && judged.value.length > (judged.argument as number)) violate(judged, "maxItems");
  },
  uniqueItems: (judged) => {
    if (judged.argument !== true || !Array.isArray(judged.value)) return;
    if (new Set(judged.value.map((item) => canonical(item))).size < judged.value.length) violate(judged, "uniqueItems");
  },
  items: ({ argument, value, path, evaluator, into }) => {
    if (!Array.isArray(value)) return;
    for (const [index, item] of value.entries()) evaluator.collect(argument as Schema, item, [...path, index], into);
  },
  minProperties: (judged) => {
    if (isMap(judged.value) && Object.keys(judged.value).length < (judged.argument as number)) violate(judged, "minProperties");
  },
  required: (judged) => {
    if (!isMap(judged.value)) return;
    for (const key of judged.argument as string[]) if (!Object.hasOwn(judged.value, key)) violate(judged, "required", { key });
  },
  properties: ({ argument, value, path, evaluator, into }) => {
    if (!isMap(value)) return;
    const properties = argument as Record<string, Schema>;
    for (const key in properties) {
      if (Object.hasOwn(value, key)) evaluator.collect(properties[key] ?? {}, value[key], [...path, key], into);
    }
  },
  patternProperties: ({ argument, value, path, evaluator, into }) => {
    if (!isMap(value)) return;
    for (const [pattern, schema] of Object.entries(argument as Record<string, Schema>)) {
      for (const key of Object.keys(value))
        if (evaluator.matches(pattern, key)) evaluator.collect(schema, value[key], [...path, key], into);
    }
  },
  additionalProperties: (judged) => {
    const { schema, argument, value, path, evaluator, into } = judged;
    if (!isMap(value) || argument === true) return;
    const properties = schema["properties"] ?? {};
    const patterns = Object.keys(schema["patternProperties"] ?? {});
    for (const key of Object.keys(value)) {
      if (Object.hasOwn(properties, key) || patterns.some((pattern) => evaluator.matches(pattern, key))) continue;
      if (argument === false) violate(judged, "additionalProperties", { key });
      else evaluator.collect(argument as Schema, value[key], [...path, key], into);
    }
  },
  deprecated: (judged) => deprecate(judged, "deprecated"),
  changed: (judged) => deprecate(judged, "changed"),
};

/** The first form that the value has, -1 for none; its deprecations count, those of the others do not. */
function firstForm(judged: Judged, keyword: string): number {
  const { argument, value, path, evaluator, into } = judged;
  const branches: Evaluation["violations"][] = [];
  for (const [index, schema] of (argument as Schema[]).entries()) {
    const { violations, deprecations } = evaluator.evaluate(schema, value, path);
    if (violations.length === 0) {
      into.deprecations.push(...deprecations);
      return index;
    }
    branches.push(violations);
  }
  violate(judged, keyword, { branches });
  return -1;
}

function violate({ argument, value, path, into }: Judged, keyword: string, more: Pick<Violation, "key" | "branches"> = {}): void {
  into.violations.push({ path, keyword, argument, value, ...more });
}

function deprecate({ schema, argument, path, into }: Judged, keyword: "deprecated" | "changed"): void {
  if (argument !== true) return;
  const text = (key: string): string => (typeof schema[key] === "string" ? schema[key] : "");
  into.deprecations.push({ path, since: text(`${keyword}_version`), description: text(`${keyword}_description`) });
}

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);
}

/** The same text for equal values, whatever the order of their keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    isMap(part) ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}
