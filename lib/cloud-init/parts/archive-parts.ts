import { isMap, isScalar, isSeq, parseDocument, type Scalar } from "yaml";
import { offsetsInScalar } from "../../diagnostics/text-in-scalar.ts";
import { pyYamlTags } from "../py-yaml.ts";
import { kindOfContentType, kindOfUserData } from "../user-data-kind.ts";
import type { UserDataPart } from "./user-data-part.ts";

/** The entries of a `#cloud-config-archive`; undefined where it cannot be read as a list. Source: `_explode_archive` in cloudinit/user_data.py. */
export function archiveParts({ name, text, place }: UserDataPart): UserDataPart[] | undefined {
  const document = parseDocument(text, {
    version: "1.1",
    customTags: pyYamlTags,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "silent",
  });
  if (document.errors.length > 0 || !isSeq(document.contents)) return undefined;
  return document.contents.items.flatMap((item, index): UserDataPart[] => {
    const content: unknown = isMap(item) ? item.get("content", true) : item;
    if (!isScalar(content) || typeof content.value !== "string") return [];
    const type: unknown = isMap(item) ? item.get("type") : undefined;
    const offset = offsetsOf(text, content as Scalar<string>);
    const started = kindOfUserData(content.value);
    // What has neither a type nor a first line that says it is cloud-config here.
    const kind = (typeof type === "string" ? kindOfContentType(type) : undefined) ?? (started === "unknown" ? "cloud-config" : started);
    return [{ kind, name: `entry ${index + 1} of ${name}`, text: content.value, place: (from, length) => place(offset(from), length) }];
  });
}

function offsetsOf(text: string, { range, type, value }: Scalar<string>): (offset: number) => number {
  const [start, end] = range ?? [0, 0];
  return offsetsInScalar(text, { start, end, style: type as "PLAIN" }, value);
}
