import { attribute, type Attributes } from "../attribute.ts";
import type { Resource } from "../resource.ts";
import { cell, type Row } from "../schema-type.ts";
import type { Value } from "../value.ts";
import { parseDuration } from "./duration.ts";

const name = "timeouts";
const operations = ["create", "update", "delete"] as const;

type Operation = (typeof operations)[number];

/** The schema as Terraform sees it: with `timeouts`, where the resource has them. */
export function fullSchema<Client>({ type, schema, timeouts }: Resource<Attributes, Client>): Attributes {
  if (!timeouts) return schema;
  if (Object.hasOwn(schema, name)) throw new Error(`resource ${type}: the framework adds the attribute "timeouts"`);
  const limit = (operation: Operation) =>
    attribute.string({
      optional: true,
      description: `How long a ${operation} may take, such as \`90s\`, \`10m\` or \`1h\` (default: ${timeouts[operation] ?? "no limit"}).`,
      validate: [(text) => (parseDuration(text) === undefined ? `expected a duration such as 90s or 10m, got "${text}"` : undefined)],
    });
  return {
    ...schema,
    [name]: attribute.object(Object.fromEntries(operations.map((operation) => [operation, limit(operation)])), {
      optional: true,
      description: "How long operations may take. When the time is over, what was made so far is recorded.",
    }),
  };
}

/** A row without what the framework added: what handlers see. */
export function ownAttributes<R extends Row | null>(schema: Attributes, row: R): R {
  if (row === null || Object.hasOwn(schema, name)) return row;
  const { [name]: _, ...own } = row;
  return own as unknown as R;
}

/** Milliseconds that an operation may take. */
export function timeLimit<Client>({ timeouts }: Resource<Attributes, Client>, operation: Operation, row: Row): number | undefined {
  if (!timeouts) return undefined;
  const written: Value = cell(cell(row, name), operation);
  const text = typeof written === "string" ? written : timeouts[operation];
  return text === undefined ? undefined : parseDuration(text);
}
