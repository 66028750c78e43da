import { parseDocument } from "yaml";
import { checkUserData } from "../../../cloud-init/check-user-data.ts";
import { asProblem } from "../as-problem.ts";
import type { Config } from "../../framework/attribute.ts";
import { errorAt, type Problem } from "../../framework/problem.ts";
import { isKnown } from "../../framework/value.ts";
import { contentAttributes, type SeedSchema } from "./schema.ts";

/** Exactly one kind of content, and nothing in it that cloud-init would ignore. Pure; what is unknown yet is not judged. */
export function checkSeed(config: Config<SeedSchema>): readonly Problem[] {
  return [...checkKind(config), ...checkTexts(config)];
}

function checkKind(config: Config<SeedSchema>): Problem[] {
  const { file, revision } = config;
  const given = contentAttributes.filter((name) => config[name] !== null);
  if (file === null) {
    if (revision !== null) return [];
    return [
      given.length === 0
        ? errorAt([], "expected `file`, or content with a `revision`", "Set file to a seed image, or user_data and revision.")
        : errorAt(
            ["revision"],
            "expected a `revision` beside the content, which Terraform cannot see",
            'Set revision = "1", and change it with the content.',
          ),
    ];
  }
  // An unknown file may turn out to be null.
  if (!isKnown(file)) return [];
  return [...given, ...(revision === null ? [] : (["revision"] as const))].map((name) =>
    errorAt([name], `expected either \`file\` or content, got \`file\` and \`${name}\``, "Leave one of them out."),
  );
}

function checkTexts({ user_data: userData, vendor_data: vendorData, meta_data: metaData }: Config<SeedSchema>): Problem[] {
  return [
    ...(typeof userData === "string" ? checkUserData(userData).map((found) => asProblem(found, ["user_data"])) : []),
    ...(typeof vendorData === "string" ? checkUserData(vendorData).map((found) => asProblem(found, ["vendor_data"])) : []),
    ...(typeof metaData === "string" && instanceIdIn(metaData) === undefined
      ? [errorAt(["meta_data"], "expected meta-data with an `instance-id`, as YAML", 'Add a line such as "instance-id: web-1".')]
      : []),
  ];
}

/** The instance-id that meta-data has; undefined if it has none, or is no YAML. */
export function instanceIdIn(metaData: string): string | undefined {
  const document = parseDocument(metaData, { version: "1.1", logLevel: "silent" });
  const value: unknown = document.errors.length > 0 ? undefined : document.get("instance-id");
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}
