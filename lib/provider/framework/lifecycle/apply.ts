import type { Attributes, State } from "../attribute.ts";
import { checkApplied } from "../check/applied.ts";
import type { AttributePath, Problem } from "../problem.ts";
import type { Context, Resource, WriteContext } from "../resource.ts";
import type { Row } from "../schema-type.ts";
import { anythingDiffers } from "./plan-values.ts";
import { complete } from "./conform.ts";
import type { RunningHandlers } from "./running.ts";
import { fullSchema, ownAttributes, timeLimit } from "./timeouts.ts";

/** What handlers get that is the same for all of them. */
export type MakeContext<Client> = (signal: AbortSignal, deadline: number | undefined, warnings: Problem[]) => Context<Client>;

export interface Applied {
  /** What is to be recorded; null if there is no object. */
  readonly state: Row | null;
  readonly problems: readonly Problem[];
}

interface Environment<Client> {
  readonly running: RunningHandlers;
  readonly context: MakeContext<Client>;
}

type AnyState = State<Attributes>;
type Written = Readonly<Record<string, unknown>>;

/** Creates or updates. Whatever fails, the returned state is the best that is known: it never forgets an object. */
export async function applyChange<Client>(
  resource: Resource<Attributes, Client>,
  { prior, planned, config }: { readonly prior: Row | null; readonly planned: Row; readonly config: Row },
  { running, context }: Environment<Client>,
): Promise<Applied> {
  const attributes = fullSchema(resource);
  const { schema } = resource;
  const own = ownAttributes(schema, planned);
  const before = prior && ownAttributes(schema, prior);
  if (before && !anythingDiffers(schema, before, own)) return { state: planned, problems: [] };
  const operation = prior ? "update" : "create";
  const limit = timeLimit(resource, operation, planned);
  const problems: Problem[] = [];
  let saved: Written | undefined;
  const outcome = await running.run<Written>(
    { doing: `${operation} ${resource.type}`, ...(limit === undefined ? {} : { limit }) },
    (signal, deadline) => {
      const writing = {
        ...context(signal, deadline, problems),
        config: ownAttributes(schema, config),
        saveState: (partial: Written) => {
          saved = { ...saved, ...partial };
        },
      } as unknown as WriteContext<Attributes, Client>;
      if (!before) return resource.create(own, writing);
      if (!resource.update) throw new Error("it can only be replaced; this is a bug in the provider");
      return resource.update(own, before, writing);
    },
  );
  if ("value" in outcome) {
    if (outcome.value === undefined || outcome.value === null) {
      // The object is there, for all we know: better an object marked as tainted than a forgotten one.
      const { row } = complete(attributes, saved ?? {}, planned);
      return { state: row, problems: [...problems, noResult(resource.type, operation)] };
    }
    const { row, problems: shape } = complete(attributes, { ...saved, ...outcome.value }, planned);
    return { state: row, problems: [...problems, ...shape, ...(shape.length > 0 ? [] : checkApplied(attributes, planned, row))] };
  }
  problems.push(...outcome.problems);
  if (!saved) return { state: prior, problems };
  // A failed update leaves what it did not report as it was; a failed create has nothing older than its plan.
  const { row, problems: shape } = complete(attributes, saved, prior ?? planned);
  return { state: row, problems: [...problems, ...shape] };
}

/** Deletes. The state is null only if that succeeded. */
export async function applyDestroy<Client>(
  resource: Resource<Attributes, Client>,
  prior: Row,
  { running, context }: Environment<Client>,
): Promise<Applied> {
  const limit = timeLimit(resource, "delete", prior);
  const problems: Problem[] = [];
  let saved: Written | undefined;
  const outcome = await running.run({ doing: `delete ${resource.type}`, ...(limit === undefined ? {} : { limit }) }, (signal, deadline) =>
    resource.delete(ownAttributes(resource.schema, prior) as AnyState, {
      ...context(signal, deadline, problems),
      saveState: (partial: Written) => {
        saved = { ...saved, ...partial };
      },
    }),
  );
  if ("value" in outcome) return { state: null, problems };
  const { row, problems: shape } = complete(fullSchema(resource), saved ?? {}, prior);
  return { state: row, problems: [...problems, ...outcome.problems, ...shape] };
}

/** A context's `warn`. */
export function warner(problems: Problem[]): Context<unknown>["warn"] {
  return (summary: string, { detail, path }: { detail?: string; path?: AttributePath } = {}) =>
    void problems.push({ severity: "warning", summary, ...(detail === undefined ? {} : { detail }), ...(path ? { path } : {}) });
}

function noResult(type: string, operation: string): Problem {
  return {
    severity: "error",
    summary: `The provider's ${operation} of ${type} returned nothing`,
    detail: "This is a bug in the provider, please report it.",
  };
}
