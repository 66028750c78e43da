import { isMap, parseDocument, type Document } from "yaml";
import { pyYamlTags } from "./py-yaml.ts";

/** A cloud-config text as cloud-init reads it. */
export interface CloudConfig {
  readonly value: Readonly<Record<string, unknown>>;
  /** With positions. */
  readonly document: Document.Parsed;
}

/** Why a text cannot be read, and where: characters from its start. */
export interface CloudConfigProblem {
  readonly problem: string;
  readonly offset: number;
}

/** Reads a cloud-config text by the rules of YAML 1.1, as PyYAML does: `on` is true, `0644` is 420, of two equal keys the last counts. */
export function readCloudConfig(text: string): CloudConfig | CloudConfigProblem {
  const document = parseDocument(text, {
    version: "1.1",
    customTags: pyYamlTags,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "silent",
  });
  const [error] = document.errors;
  if (error) return { problem: error.message, offset: error.pos[0] };
  // Nothing but comments is an empty cloud-config.
  if (document.contents === null) return { value: {}, document };
  if (!isMap(document.contents)) return { problem: "it is no map of keys and values", offset: document.contents.range[0] };
  try {
    return { value: document.toJS() as Record<string, unknown>, document };
  } catch (error) {
    // Aliases that expand to too much, or that have no anchor.
    if (error instanceof ReferenceError) return { problem: error.message, offset: 0 };
    throw error;
  }
}
