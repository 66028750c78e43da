import type { Attribute, Attributes } from "../attribute.ts";
import type { Provider } from "../provider.ts";

/** Names that Terraform keeps for itself in every resource. */
const reserved = new Set(["connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"]);

/**
 * Rules for schemas: those that make Terraform refuse the provider when it is loaded, and those that it does not even check.
 *
 * @throws Error that lists all violations: mistakes of whoever wrote the provider
 */
export function checkSchemas<Client>(provider: Provider<Client>): void {
  const errors = checkAttributes(provider.schema, "provider", false);
  if (!/^[a-z0-9.-]+(:\d+)?\/[a-z0-9_-]+\/[a-z0-9_-]+$/.test(provider.address))
    errors.push(`"${provider.address}" is no HOST/NAMESPACE/TYPE`);
  const seen = new Set<string>();
  for (const [kind, all] of [
    ["resource", provider.resources],
    ["data", provider.dataSources],
  ] as const) {
    for (const { type, schema } of all) {
      if (seen.has(`${kind} ${type}`)) errors.push(`${kind} ${type}: declared twice`);
      seen.add(`${kind} ${type}`);
      if (!/^[a-z][a-z0-9_]*$/.test(type)) errors.push(`${kind} ${type}: not a name`);
      errors.push(...checkAttributes(schema, `${kind} ${type}`, false));
      for (const name of Object.keys(schema)) if (reserved.has(name)) errors.push(`${kind} ${type}: "${name}" is a word of Terraform`);
    }
  }
  if (errors.length > 0) throw new Error(`the provider's schema is not one that Terraform takes:\n${errors.join("\n")}`);
}

function checkAttributes(attributes: Attributes, place: string, inSet: boolean): string[] {
  return Object.entries(attributes).flatMap(([name, attribute]) => {
    const at = `${place}.${name}`;
    const errors = checkFlags(attribute, inSet).map((error) => `${at}: ${error}`);
    if (!/^[a-z_][a-z0-9_]*$/.test(name)) errors.push(`${at}: not a name of small letters, digits and underscores`);
    const { nested } = attribute;
    return nested ? [...errors, ...checkAttributes(nested.attributes, at, inSet || nested.nesting === "set")] : errors;
  });
}

function checkFlags({ required, optional, computed, writeOnly, default: fallback, description }: Attribute, inSet: boolean): string[] {
  const errors: string[] = [];
  if (required && (optional || computed)) errors.push("required excludes optional, computed and a default");
  if (!required && !optional && !computed) errors.push("neither required, optional nor computed");
  if (fallback !== undefined && !optional) errors.push("a default is for what the user may leave out");
  if (writeOnly && (computed || fallback !== undefined)) errors.push("what is write-only cannot be computed, nor have a default");
  if (writeOnly && inSet) errors.push("nothing write-only can be in a set");
  if (description.trim() === "") errors.push("no description");
  return errors;
}
