import type { Attribute, Attributes } from "../lib/provider/framework/attribute.ts";
import { terrariumProvider } from "../lib/provider/resources/provider.ts";
import type { ReferencePage } from "./reference.ts";

/** docs/provider, from the provider's schemas: `npm run generate` writes them, the drift test compares. */
export function providerReference(): ReferencePage[] {
  const { resources, dataSources } = terrariumProvider;
  const pages = [
    ...resources.map(({ type, description, schema, timeouts }) => ({
      title: type,
      path: `${type.replace("terrarium_", "")}.md`,
      text: [description, ...attributeSections(schema), ...timeoutSection(timeouts)],
    })),
    ...dataSources.map(({ type, description, schema }) => ({
      title: `data ${type}`,
      path: `data-${type.replace("terrarium_", "")}.md`,
      text: [description, ...attributeSections(schema)],
    })),
  ];
  return [
    { path: "docs/provider/index.md", text: index(pages) },
    ...pages.map(({ title, path, text }) => ({ path: `docs/provider/${path}`, text: page(title, text) })),
  ];
}

const marker = "<!-- Made by `npm run generate` from lib/provider/resources. Do not edit. -->";

function page(title: string, paragraphs: readonly string[]): string {
  return `${["# " + title, marker, ...paragraphs].join("\n\n")}\n`;
}

function index(pages: readonly { readonly title: string; readonly path: string }[]): string {
  const { description, schema, address } = terrariumProvider;
  return page("The Terraform provider", [
    `\`${address}\`: ${description}`,
    "Sizes and durations are text with a unit; another writing of the same value is no change. Objects are called `<lab>-<name>` on the host and carry lab and deployment in their metadata: an object that this deployment already has is taken over, a stranger's is an error that says whose it is. A lab written by hand is [examples/hcl](../../examples/hcl/README.md).",
    pages.map(({ title, path }) => `- [${title}](${path})`).join("\n"),
    "## The provider block",
    table(schema),
  ]);
}

/** Attributes that users set, those that they only read, and what stands inside them. */
function attributeSections(schema: Attributes): string[] {
  const all = Object.entries(schema);
  const set = Object.fromEntries(all.filter(([, { required, optional }]) => required || optional));
  const read = Object.fromEntries(all.filter(([name]) => !Object.hasOwn(set, name)));
  return [
    ...(Object.keys(set).length > 0 ? ["## Arguments", table(set)] : []),
    ...all.flatMap(([name, { nested }]) => (nested ? [`### ${name}`, table(nested.attributes)] : [])),
    ...(Object.keys(read).length > 0 ? ["## Read-only attributes", table(read)] : []),
  ];
}

function timeoutSection(timeouts: Readonly<Record<string, string | undefined>> | undefined): string[] {
  if (!timeouts) return [];
  const defaults = Object.entries(timeouts).map(([operation, limit]) => `${operation} \`${limit ?? ""}\``);
  return [
    "## timeouts",
    `How long an operation may take, as durations: \`timeouts = { create = "5m" }\`. Defaults: ${defaults.join(", ")}.`,
  ];
}

function table(schema: Attributes): string {
  const rows = Object.entries(schema).map(([name, attribute]) => `| \`${name}\` | ${kind(attribute)} | ${cell(attribute.description)} |`);
  return ["| name | type | meaning |", "|---|---|---|", ...rows].join("\n");
}

function kind(attribute: Attribute): string {
  const { required, writeOnly } = attribute;
  return [typeName(attribute), ...(required ? ["required"] : []), ...(writeOnly ? ["write-only"] : [])].join(", ");
}

function typeName({ type, nested }: Attribute): string {
  if (nested) return nested.nesting === "single" ? "object" : `${nested.nesting} of objects`;
  if (typeof type === "string" || type === undefined) return type ?? "";
  return `${type[0]} of ${typeof type[1] === "string" ? type[1] : "objects"}`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
