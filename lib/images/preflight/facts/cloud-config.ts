import { parseDocument } from "yaml";
import type { GuestTree } from "../../inspect/guest-tree.ts";
import { textsIn } from "./tree-questions.ts";

/** The image's own cloud-init settings, file by file in the order in which cloud-init merges them: a later one wins. */
export function cloudConfigs(tree: GuestTree): [path: string, settings: Readonly<Record<string, unknown>>][] {
  const main = tree.texts["/etc/cloud/cloud.cfg"];
  const files: [string, string][] = [
    ...(main === undefined ? [] : [["/etc/cloud/cloud.cfg", main] as [string, string]]),
    ...textsIn(tree, "/etc/cloud/cloud.cfg.d"),
  ];
  return files.flatMap(([path, text]) => {
    const document = parseDocument(text, { version: "1.1", logLevel: "silent" });
    // cloud-init passes over a file that it cannot read, too.
    const settings: unknown = document.errors.length > 0 ? undefined : document.toJS({ maxAliasCount: 100 });
    return isMap(settings) ? [[path, settings]] : [];
  });
}

/** The value of a key that wins, and the file it stands in. */
export function cloudSetting(tree: GuestTree, ...keys: readonly string[]): { readonly value: unknown; readonly from: string } | undefined {
  return cloudConfigs(tree)
    .flatMap(([from, settings]) => {
      const value = keys.reduce<unknown>((at, key) => (isMap(at) ? at[key] : undefined), settings);
      return value === undefined ? [] : [{ value, from }];
    })
    .at(-1);
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
