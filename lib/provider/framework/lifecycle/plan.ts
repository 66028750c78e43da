import type { Attributes } from "../attribute.ts";
import { checkPlanned } from "../check/planned.ts";
import { equalValues } from "../equal.ts";
import { errorAt, type AttributePath, type Problem } from "../problem.ts";
import type { PlanRequest, Resource } from "../resource.ts";
import { attributeType, type Row } from "../schema-type.ts";
import type { Value } from "../value.ts";
import { anythingDiffers, applyDefaults, decide, differs, markComputed, replacements, settle } from "./plan-values.ts";
import { fullSchema, ownAttributes } from "./timeouts.ts";

export interface PlanInput {
  /** Null on create. */
  readonly prior: Row | null;
  readonly config: Row;
  /** Terraform Core's first guess: what is configured, and the state where nothing is. */
  readonly proposed: Row;
}

export interface PlanOutput {
  readonly planned: Row;
  readonly requiresReplace: readonly AttributePath[];
  readonly problems: readonly Problem[];
}

/**
 * Plans a create or an update: defaults, modifiers, what becomes unknown, the resource's own word, what takes a new object; and checks
 * it against Core's rules, so that a mistake of the provider is told with its attribute.
 */
export async function planChange<Client>(
  resource: Resource<Attributes, Client>,
  { prior, config, proposed }: PlanInput,
  client: Client,
): Promise<PlanOutput> {
  const attributes = fullSchema(resource);
  const { schema } = resource;
  let planned = applyDefaults(attributes, config, proposed);
  if (prior) planned = settle(attributes, config, prior, planned);
  // Another time limit alone is no change of the object.
  if (!prior || anythingDiffers(schema, ownAttributes(schema, prior), ownAttributes(schema, planned))) {
    planned = markComputed(attributes, config, planned);
    if (prior) planned = decide(attributes, config, prior, planned);
  }
  const problems: Problem[] = [];
  const requested: AttributePath[] = [];
  if (resource.modifyPlan) {
    const own: Record<string, Value> = { ...ownAttributes(schema, planned) };
    const before = prior && ownAttributes(schema, prior);
    await resource.modifyPlan({
      config: ownAttributes(schema, config),
      planned: own,
      prior: before,
      client,
      changes: (...names: string[]) => before !== null && names.some((name) => differs(schema, name, before, own)),
      report: (problem: Problem) => void problems.push(problem),
      requireReplace: (...path: AttributePath) => void requested.push(path),
    } as unknown as PlanRequest<Attributes, Client>);
    planned = { ...planned, ...own };
  }
  problems.push(...checkPlanned(attributes, prior, config, planned));
  if (!prior) return { planned, requiresReplace: [], problems };
  const requiresReplace = [...replacements(attributes, config, prior, planned), ...requested];
  // Replacement destroys the object: whoever refuses that must be heard before the user agrees to the plan.
  if (resource.planDestroy && requiresReplace.some((path) => takesEffect(attributes, path, prior, planned))) {
    problems.push(...(await resource.planDestroy(ownAttributes(schema, prior), client)));
  } else if (
    !resource.update &&
    requiresReplace.length === 0 &&
    anythingDiffers(schema, ownAttributes(schema, prior), ownAttributes(schema, planned))
  ) {
    problems.push(
      errorAt([], `${resource.type} cannot be changed in place, and this change does not take a new object: a bug in the provider`),
    );
  }
  return { planned, requiresReplace, problems };
}

/** Core replaces only for paths whose value changes; for write-only ones always. */
function takesEffect(attributes: Attributes, [name]: AttributePath, prior: Row, planned: Row): boolean {
  const attribute = attributes[String(name)];
  if (!attribute) return false;
  return attribute.writeOnly || !equalValues(attributeType(attribute), planned[String(name)], prior[String(name)]);
}
