import type { Checked, Diagnostic } from "../diagnostics/diagnostic.ts";
import { checkWritten } from "../lab/check-written.ts";
import { found } from "../lab/written/describe.ts";
import type { WrittenLab } from "../lab/written-lab.ts";
import { checkText } from "./check-text.ts";
import { locateDiagnostics, locateIn, locateTextIn, type Locate, type LocateText } from "./locate.ts";
import { quickYaml } from "./quick-yaml.ts";
import { readYaml } from "./read-yaml.ts";
import { SourceText } from "../diagnostics/source-text.ts";
import { replaceVariables, type Replaced, type Variables } from "./variables.ts";
import { plainValue } from "./yaml-value.ts";
import { withWrittenForm } from "./yaml-words.ts";

export interface LabFileInput {
  /** The file's name in messages. */
  readonly file: string;
  /** Its text, decoded from UTF-8. */
  readonly text: string;
  /** From `--var` and `--var-file`; they win over the lab's `vars`. Default: none. */
  readonly variables?: Variables;
}

export interface LabFile {
  /** The lab with `${var:NAME}` replaced; `vars` holds all variables with their final values. */
  readonly written: WrittenLab;
  /** The place of a path in the file; of a path that is not there, the nearest part of it that is. */
  readonly locate: Locate;
  /** The place of characters of a text in the lab, such as inline user-data. */
  readonly locateText: LocateText;
}

type Places = Pick<LabFile, "locate" | "locateText">;

/**
 * Reads a lab file: YAML 1.2, variables, the schema of the lab language. Reports everything that is wrong at once, each with its place; never throws, and never
 * takes longer than two seconds, whatever the text.
 *
 * @example
 * const { value, diagnostics } = parseLabFile({ file: "lab.yaml", text: "lab: demo\nsandboxes: {web: {image: debian-12}}\n" });
 * value?.written.sandboxes["web"]?.image // "debian-12"
 */
export function parseLabFile({ file, text, variables = {} }: LabFileInput): Checked<LabFile> {
  const source = new SourceText(file, text);
  const unreadable = checkText(source);
  if (unreadable.length > 0) return { diagnostics: unreadable };
  const quick = quickYaml(source.text);
  if (quick) return finish(quick, [], locateLater(source), variables);
  const { root, diagnostics: syntax } = readYaml(source);
  if (syntax.length > 0) return { diagnostics: syntax };
  if (!root) return { diagnostics: [empty(source)] };

  const { value, anchors, diagnostics: traps } = plainValue(root, source);
  const places = { locate: locateIn(root, anchors, source), locateText: locateTextIn(root, anchors, source) };
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { diagnostics: value === null ? [empty(source)] : [...traps, { ...notMap(value), source: places.locate([]) }] };
  }
  return finish(value as Record<string, unknown>, traps, places, variables);
}

/** Variables and the schema. */
function finish(value: Record<string, unknown>, traps: readonly Diagnostic[], found: Places, variables: Variables): Checked<LabFile> {
  const { written, diagnostics } = checkReplaced(replaceVariables(value, variables), variables);
  const places = new Set(traps.map(placeOf));
  // What a trap stands at has no true value: a fault in it would be the same one again.
  const faults = locateDiagnostics(diagnostics, found.locate).filter((fault) => !places.has(placeOf(fault)));
  const located = [...traps, ...faults.map(withWrittenForm)];
  return located.length > 0
    ? { diagnostics: located.toSorted(byPlace) }
    : { value: { written: written as WrittenLab, ...found }, diagnostics: [] };
}

/** Places in a text that was read without its nodes: they are made for the first question. */
function locateLater(source: SourceText): Places {
  let places: Places | undefined;
  const found = (): Places => (places ??= placesIn(source));
  return { locate: (path, at) => found().locate(path, at), locateText: (path, text) => found().locateText(path, text) };
}

function placesIn(source: SourceText): Places {
  const { root } = readYaml(source);
  if (!root) return { locate: () => source.range(0, 0), locateText: () => () => undefined };
  const { anchors } = plainValue(root, source);
  return { locate: locateIn(root, anchors, source), locateText: locateTextIn(root, anchors, source) };
}

/** Checks against the schema; a number from the command line becomes text where the schema wants text. */
function checkReplaced({ value, whole, diagnostics }: Replaced, passed: Variables): { written: unknown; diagnostics: Diagnostic[] } {
  const unresolved = new Set(diagnostics.map(({ path }) => JSON.stringify(path)));
  // A reference that is left as it is written would only be told a second time.
  const faultsOf = (lab: unknown): Diagnostic[] => checkWritten(lab).filter(({ path }) => !unresolved.has(JSON.stringify(path)));
  const faults = faultsOf(value);
  const asText = faults.filter(({ code, path }) => code === "WRONG_TYPE" && Object.hasOwn(passed, whole.get(JSON.stringify(path)) ?? ""));
  if (asText.length === 0) return { written: value, diagnostics: [...diagnostics, ...faults] };
  for (const { path = [] } of asText) makeText(value, path);
  return { written: value, diagnostics: [...diagnostics, ...faultsOf(value)] };
}

function makeText(root: unknown, path: readonly (string | number)[]): void {
  const last = path.at(-1) ?? "";
  const parent = path.slice(0, -1).reduce<unknown>((part, step) => (part as Record<string | number, unknown>)[step], root);
  const map = parent as Record<string | number, unknown>;
  map[last] = String(map[last]);
}

function empty(source: SourceText): Diagnostic {
  return {
    code: "FILE_EMPTY",
    severity: "error",
    summary: "expected a lab, found nothing but comments and blank lines",
    nextStep: "Write at least `lab: NAME` and `sandboxes:`; `terrarium init` makes an example.",
    source: source.range(0, 0),
  };
}

function notMap(value: unknown): Diagnostic {
  return {
    code: "WRONG_TYPE",
    severity: "error",
    path: [],
    summary: `expected a map with the keys lab and sandboxes, found ${found(value)}`,
    nextStep: "Write `lab: NAME` and `sandboxes:` without a dash before them.",
  };
}

function placeOf({ source }: Diagnostic): string {
  return `${source?.line}:${source?.column}`;
}

/** In the order of the file; what has no place (a misspelt `--var`) comes last. */
function byPlace({ source: one }: Diagnostic, { source: other }: Diagnostic): number {
  if (!one || !other) return Number(!one) - Number(!other);
  return one.line - other.line || one.column - other.column;
}
