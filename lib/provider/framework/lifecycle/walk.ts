import type { Attribute, Attributes } from "../attribute.ts";
import { equalValues } from "../equal.ts";
import type { AttributePath } from "../problem.ts";
import { attributeType, cell, type Row } from "../schema-type.ts";
import { isUnknown, type Value } from "../value.ts";

/** What configuration, state and plan have for one attribute. */
export interface Views {
  readonly config: Value;
  readonly prior: Value;
  readonly planned: Value;
}

/** One attribute on the way through a plan. */
export interface Visited extends Views {
  readonly attribute: Attribute;
  readonly path: AttributePath;
}

/**
 * Rebuilds a planned row: asks for the new planned value of each attribute, then goes on inside nested attributes that the user wrote.
 * Elements of lists correspond by index and of maps by key, as Terraform Core has it. Elements of a set correspond to the written
 * element whose values they have, and to nothing in the state.
 */
export function rebuild(attributes: Attributes, views: Views, visit: (visited: Visited) => Value, path: AttributePath = []): Row {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, attribute]) => {
      const own = {
        config: cell(views.config, name),
        prior: cell(views.prior, name),
        planned: cell(views.planned, name),
        attribute,
        path: [...path, name],
      };
      const planned = visit(own);
      return [name, inside({ ...own, planned }, visit)];
    }),
  );
}

function inside(visited: Visited, visit: (visited: Visited) => Value): Value {
  const { attribute, config, prior, planned, path } = visited;
  if (!attribute.nested || planned === null || config === null || isUnknown(planned) || isUnknown(config)) return planned;
  const { nesting, attributes } = attribute.nested;
  const element = (at: AttributePath, views: Views): Value =>
    views.planned === null || isUnknown(views.planned) || views.config === null || isUnknown(views.config)
      ? views.planned
      : rebuild(attributes, views, visit, at);
  switch (nesting) {
    case "list":
      return items(planned).map((item, index) =>
        element([...path, index], { config: items(config)[index] ?? null, prior: items(prior)[index] ?? null, planned: item }),
      );
    case "set":
      return items(planned).map((item) =>
        element(path, {
          config: items(config).find((written) => correspond(attributes, written, item)) ?? null,
          prior: null,
          planned: item,
        }),
      );
    case "map":
      return Object.fromEntries(
        Object.entries(planned).map(([key, item]) => [
          key,
          element([...path, key], { config: cell(config, key), prior: cell(prior, key), planned: item as Value }),
        ]),
      );
    case "single":
    default:
      return element(path, { config, prior, planned });
  }
}

function items(value: Value): readonly Value[] {
  return Array.isArray(value) ? (value as readonly Value[]) : [];
}

/** Whether a planned element of a set has all that the user wrote for one. */
function correspond(attributes: Attributes, written: Value, planned: Value): boolean {
  if (isUnknown(written) || isUnknown(planned)) return isUnknown(written) && isUnknown(planned);
  return Object.entries(attributes).every(
    ([name, attribute]) => cell(written, name) === null || equalValues(attributeType(attribute), cell(written, name), cell(planned, name)),
  );
}
