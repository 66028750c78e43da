import { checkName } from "../rules/name.ts";
import { checkDuplicateNames } from "../rules/duplicate-name.ts";
import { entryOf } from "../entry-of.ts";
import type { Path, Report } from "../path.ts";
import type { WrittenDefaults, WrittenLab, WrittenSandbox } from "../written-lab.ts";
import { fillEach, usesEach, type EachValues } from "./each.ts";
import { mergeSettings, type MergedSettings } from "./merge-settings.ts";
import { mayHoldSecret, plainStrings } from "./plain-strings.ts";
import { profileOrder } from "./profile-order.ts";
import { readInteger } from "./read-value.ts";

/** One sandbox after `defaults`, profiles, `count` and `forEach`, its settings still as written. */
export interface SandboxDraft {
  readonly name: string;
  readonly writtenAs: string;
  /** `["sandboxes", writtenAs]` */
  readonly path: Path;
  /** How many are made from the same entry, and which of them this is, from 0. */
  readonly copies: number;
  readonly position: number;
  readonly each: EachValues;
  readonly settings: WrittenDefaults;
  /** The same with `${each:…}` still in it. */
  readonly unfilled: WrittenDefaults;
  /** Place in the lab as written of a key of `settings`. */
  readonly at: (...path: Path) => Path;
}

/**
 * Makes the list of sandboxes that a lab means, sorted by name.
 *
 * Reports unknown profiles and references, names that are no DNS labels, and names that two sandboxes have.
 */
export function expandSandboxes(lab: WrittenLab, report: Report): SandboxDraft[] {
  const drafts = Object.entries(lab.sandboxes).flatMap(([name, sandbox]) => expandSandbox(lab, name, sandbox, report));
  for (const diagnostic of checkDuplicateNames(drafts)) report(diagnostic);
  const unique = new Map(drafts.map((draft) => [draft.name, draft]));
  return [...unique.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function expandSandbox(lab: WrittenLab, name: string, sandbox: WrittenSandbox, report: Report): SandboxDraft[] {
  const path = ["sandboxes", name];
  const merged = mergeSettings([
    { path: ["defaults"], values: lab.defaults ?? {} },
    ...profileOrder(lab, sandbox.profiles, [...path, "profiles"], report).map((profile) => ({
      path: ["profiles", profile],
      values: entryOf(lab.profiles, profile) ?? {},
    })),
    { path, values: sandbox },
  ]);
  const copies = copiesOf(name, sandbox, report);
  const each = usesEach(merged.values);
  let shared: WrittenDefaults | undefined;
  return copies.map((copy, position) => {
    for (const diagnostic of checkName("sandbox", copy.name, path)) report(diagnostic);
    shared = shared === undefined || each ? settle(merged, copy.each, report) : shared;
    return {
      name: copy.name,
      writtenAs: name,
      path,
      copies: copies.length,
      position,
      each: copy.each,
      settings: shared,
      unfilled: merged.values,
      at: merged.at,
    };
  });
}

function settle(merged: MergedSettings, each: EachValues, report: Report): WrittenDefaults {
  return plainStrings(fillEach(merged.values, each, merged.at, report), merged.at, mayHoldSecret, report);
}

interface Copy {
  readonly name: string;
  readonly each: EachValues;
}

type EachMap = Readonly<Record<string, string | number | boolean>>;

const noValues: EachValues = new Map();

function copiesOf(name: string, { count, forEach }: WrittenSandbox, report: Report): Copy[] {
  if (count !== undefined) {
    const copies = readInteger(count, 0, 1000, () => ["sandboxes", name, "count"], report) ?? 0;
    return Array.from({ length: copies }, (_, index) => ({ name: `${name}-${index + 1}`, each: new Map([["index", index + 1]]) }));
  }
  if (forEach === undefined) return [{ name, each: noValues }];
  const entries: readonly (readonly [string, EachMap])[] = Array.isArray(forEach)
    ? forEach.map((key) => [key, {}] as const)
    : Object.entries(forEach).map(([key, values]) => [key, values ?? {}] as const);
  return entries.map(([key, values]) => ({ name: `${name}-${key}`, each: new Map([...Object.entries(values), ["key", key]]) }));
}
