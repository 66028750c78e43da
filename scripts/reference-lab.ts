import type { Schema } from "../schemas/lab/value.ts";

type Definitions = Readonly<Record<string, Schema>>;

/** The nouns of the language, in the order of the page. `profile` and `sandbox` say only what they have beside `defaults`. */
const sections: readonly { readonly name: string; readonly heading: string; readonly where: string }[] = [
  { name: "host", heading: "Host", where: "`hosts.<name>`" },
  { name: "image", heading: "Image", where: "`images.<name>`" },
  { name: "network", heading: "Network", where: "`networks.<name>`" },
  { name: "sandbox", heading: "Sandbox", where: "`sandboxes.<name>`" },
  { name: "profile", heading: "Profile", where: "`profiles.<name>`" },
  { name: "defaults", heading: "Defaults", where: "`defaults`; also in every profile and sandbox" },
  { name: "attachment", heading: "Attachment", where: "`networks` of a sandbox" },
  { name: "disk", heading: "Disk", where: "`disks` of a sandbox" },
  { name: "probe", heading: "Probe", where: "`probes` of a sandbox" },
  { name: "timeouts", heading: "Timeouts", where: "`timeouts` of a sandbox" },
  { name: "cloudInit", heading: "cloud-init", where: "`cloudInit` of a sandbox" },
  { name: "writeFile", heading: "File", where: "`writeFiles` of cloud-init" },
  { name: "userDataFile", heading: "UserDataFile", where: "`userData` and `vendorData` of cloud-init" },
  { name: "guestUser", heading: "GuestUser", where: "`users` of cloud-init" },
  { name: "guestDisk", heading: "GuestDisk", where: "`disks` of cloud-init" },
  { name: "guestPartition", heading: "GuestPartition", where: "`partitions` of a disk in the guest" },
  { name: "mount", heading: "Mount", where: "`mounts` of cloud-init" },
  { name: "aptSource", heading: "AptSource", where: "`sources` of apt" },
  { name: "yumRepository", heading: "YumRepository", where: "`repos` of yum" },
];

const headings = new Map(sections.map(({ name, heading }) => [name, heading]));

/** The reference page of the lab language: every key with its type, default, description and an anchor (`#sandbox-memory`). */
export function labReference(lab: Schema): string {
  const definitions: Definitions = { ...(lab["$defs"] as Definitions), host: hostOf(lab) };
  const shared = new Set(Object.keys(propertiesOf(definitions["defaults"] ?? {})));
  const lines = [
    "# The lab language",
    "",
    "<!-- Made by `npm run generate` from schemas/lab. Do not edit. -->",
    "",
    "A lab file is YAML 1.2. Sizes and durations have units, names are DNS labels. `${var:NAME}` takes a variable, `${each:KEY}` a value of the copy;",
    "`${env:NAME}` and `${file:PATH}` name a secret, which is read only when the lab is prepared. A doubled `$$` writes such a reference literally.",
    "",
    "## Lab",
    "",
    "The top of the file.",
    ...table("lab", lab, new Set(), definitions),
  ];
  for (const { name, heading, where } of sections) {
    const noun = definitions[name] ?? {};
    lines.push("", `## ${heading}`, "", `At ${where}. ${describe(noun)}`);
    const inherits = name === "sandbox" || name === "profile";
    if (inherits) lines.push("", "It also takes every key of [defaults](#defaults).");
    lines.push(...choices(name, noun, inherits ? shared : new Set(), definitions));
  }
  lines.push("", "## Values");
  for (const name of ["size", "duration", "label", "overrides"]) {
    const value = definitions[name] ?? {};
    lines.push("", `### <a id="${name}"></a>${String(value["title"])}`, "", describe(value), ...examplesOf(value));
  }
  return `${lines.join("\n")}\n`;
}

/** The one noun that the schema has in place, because only `hosts` takes it. */
function hostOf(lab: Schema): Schema {
  return (propertiesOf(lab)["hosts"]?.["additionalProperties"] ?? {}) as Schema;
}

/** A noun is a map, or a choice of forms (`anyOf`) of which some are maps. */
function choices(name: string, noun: Schema, without: ReadonlySet<string>, definitions: Definitions): string[] {
  const forms = (noun["anyOf"] as Schema[] | undefined) ?? [noun];
  return forms.filter((form) => form["properties"] !== undefined).flatMap((form) => table(name, form, without, definitions));
}

function table(name: string, map: Schema, without: ReadonlySet<string>, definitions: Definitions): string[] {
  const required = new Set((map["required"] ?? []) as string[]);
  const rows = Object.entries(propertiesOf(map)).filter(([key]) => !without.has(key));
  const nested = rows.flatMap(([key, value]) => nestedTables(`${name}-${key}`, value, definitions));
  return [
    "",
    "| key | type | default | meaning |",
    "|---|---|---|---|",
    ...rows.map(([key, value]) => {
      const fallback = required.has(key) ? "**required**" : "default" in value ? `\`${JSON.stringify(value["default"])}\`` : "";
      const examples = examplesOf(value).join(" ");
      return `| <a id="${anchor(name, key)}"></a>\`${key}\` | ${cell(typeOf(value))} | ${cell(fallback)} | ${cell(`${describe(value) || describe(definedBy(value, definitions))}${examples === "" ? "" : ` ${examples}`}`)} |`;
    }),
    ...nested,
  ];
}

/** Maps that are written in place, such as `bootstrap` or the long form of `userData`. */
function nestedTables(name: string, value: Schema, definitions: Definitions): string[] {
  const forms = (value["anyOf"] as Schema[] | undefined) ?? [value];
  const maps = forms.filter((form) => form["properties"] !== undefined);
  return maps.flatMap((map) => ["", `### ${name.split("-").at(-1)}`, "", describe(map), ...table(name, map, new Set(), definitions)]);
}

function propertiesOf(map: Schema): Readonly<Record<string, Schema>> {
  return (map["properties"] ?? {}) as Readonly<Record<string, Schema>>;
}

function describe(schema: Schema): string {
  return typeof schema["description"] === "string" ? schema["description"] : "";
}

/** What a reference refers to; an empty schema for anything else. */
function definedBy(schema: Schema, definitions: Definitions): Schema {
  return definitions[String(schema["$ref"]).slice("#/$defs/".length)] ?? {};
}

function examplesOf(schema: Schema): string[] {
  const examples = (schema["examples"] ?? []) as unknown[];
  return examples.length === 0
    ? []
    : [`Example: ${examples.map((example) => `\`${typeof example === "string" ? example : JSON.stringify(example)}\``).join(", ")}.`];
}

function anchor(name: string, key: string): string {
  return `${name}-${key}`.toLowerCase();
}

/** What a key takes, in words, with links to nouns and values. */
function typeOf(schema: Schema): string {
  const reference = schema["$ref"];
  if (typeof reference === "string") return link(reference.slice("#/$defs/".length));
  if (Array.isArray(schema["enum"])) return schema["enum"].map((value) => `\`${String(value)}\``).join(", ");
  if (Array.isArray(schema["anyOf"])) {
    const forms = (schema["anyOf"] as Schema[]).filter((form) => form["$ref"] !== "#/$defs/reference");
    return [...new Set(forms.map(typeOf))].join(" or ");
  }
  if (Array.isArray(schema["type"])) return (schema["type"] as string[]).map((type) => words[type] ?? type).join(" or ");
  if (schema["type"] === "array") return `list of ${grouped(typeOf(schema["items"] as Schema))}`;
  if (schema["type"] === "object") return mapType(schema);
  const range = schema["minimum"] === undefined ? "" : ` (${schema["minimum"] as number} to ${schema["maximum"] as number})`;
  return (words[String(schema["type"])] ?? "any value") + range;
}

const words: Readonly<Record<string, string>> = {
  string: "text",
  integer: "whole number",
  number: "number",
  boolean: "true or false",
  null: "nothing",
  object: "map",
};

function mapType(schema: Schema): string {
  const items = schema["additionalProperties"];
  if (typeof items !== "object" || items === null) return "map";
  return `map of ${(items as Schema)["title"] === "Host" ? link("host") : grouped(typeOf(items as Schema))}`;
}

/** A choice inside a list or map, so that it reads as one. */
function grouped(type: string): string {
  return type.includes(" or ") ? `(${type})` : type;
}

function link(name: string): string {
  const heading = headings.get(name);
  if (heading !== undefined) return `[${heading}](#${heading.toLowerCase()})`;
  const title = { size: "size", duration: "duration", label: "name", overrides: "map" }[name];
  return title === undefined ? name : `[${title}](#${name})`;
}

/** Text for a cell of a Markdown table. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
