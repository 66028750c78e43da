import { dirname, isAbsolute, join } from "node:path";
import { checkNetworkConfig } from "../cloud-init/check-network-config.ts";
import { checkUserData, type CheckOptions } from "../cloud-init/check-user-data.ts";
import { diagnosticCodes } from "../diagnostics/codes.ts";
import { hasErrors, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { offsetsInTemplate } from "../diagnostics/filled-text.ts";
import { SourceText } from "../diagnostics/source-text.ts";
import type { Lab } from "../lab/lab.ts";
import { expandSandboxes, type SandboxDraft } from "../lab/settings/expand-sandboxes.ts";
import { fillText, type Text } from "../lab/text.ts";
import { ownDataKeys, textsOf, type OwnDataKey } from "../lab/user-data.ts";
import type { Path } from "../lab/path.ts";
import { userDataPath, writtenParts, type WrittenPart } from "../lab/written/user-data-path.ts";
import type { WrittenLab } from "../lab/written-lab.ts";
import type { LocateText } from "../labfile/locate.ts";

export interface CheckCloudInitOptions {
  readonly lab: Lab;
  readonly written: WrittenLab;
  /** The lab file as messages name it: user-data files are named relative to it. */
  readonly file: string;
  /** Texts of included files, by path as written. */
  readonly files: ReadonlyMap<string, { readonly text: string }>;
  readonly locateText: LocateText;
}

/**
 * Checks the user-data and network configurations of a lab's sandboxes. Each fault once, where it is written: in the user-data file, or inside the lab.
 *
 * User-data with secrets is checked with a word in their places; what is said of lines with secrets is left out, as it may be about that word.
 */
export function checkCloudInit(options: CheckCloudInitOptions): Diagnostic[] {
  const found = new Map<string, Diagnostic>();
  const clean = new Set<string>();
  let drafts: ReadonlyMap<string, SandboxDraft> | undefined;
  for (const { name, cloudInit } of Object.values(options.lab.sandboxes)) {
    const draft = (): SandboxDraft | undefined =>
      (drafts ??= new Map(expandSandboxes(options.written, () => undefined).map((each) => [each.name, each]))).get(name);
    const { networkConfig } = cloudInit;
    const ofTexts = ownDataKeys.flatMap((key) =>
      textsOf(cloudInit[key]).flatMap((own, index) => {
        const text = fillText(own, () => placeholder);
        // Most sandboxes share their text, and most texts are fine: only what is not is looked at again, for its places.
        if (clean.has(text)) return [];
        const isClean = checkUserData(text).length === 0;
        if (isClean) clean.add(text);
        return isClean ? [] : checkAt(text, own, { draft: draft(), key, index }, options);
      }),
    );
    const ofNetwork = networkConfig === undefined ? [] : checkNetworkConfig(networkConfig, draft()?.at("cloudInit", "networkConfig"));
    for (const diagnostic of [...ofTexts, ...ofNetwork]) found.set(JSON.stringify(diagnostic), diagnostic);
  }
  return [...found.values()];
}

/** Stands for a secret in text that is checked without it. Text that can be a name, a word of YAML and a word of a shell. */
const placeholder = "secret";

/** Which of a sandbox's own texts it is. */
interface Whose {
  readonly draft: SandboxDraft | undefined;
  readonly key: OwnDataKey;
  readonly index: number;
}

function checkAt(text: string, own: Text, { draft, key, index }: Whose, options: CheckCloudInitOptions): Diagnostic[] {
  const written = writtenParts(draft?.settings.cloudInit?.[key])[index];
  const path = draft && written ? draft.at("cloudInit", key, ...written.steps) : [];
  const place = written && placeOf(text, written.part, path, options);
  if (typeof own === "string") return checkUserData(text, { place }).map((diagnostic) => ({ ...diagnostic, path }));
  const secretLines = linesWithSecrets(own);
  const known: CheckOptions["place"] = (offset, length) => (secretLines.has(lineAt(text, offset)) ? undefined : place?.(offset, length));
  return checkUserData(text, { place: known }).filter(({ source }) => source !== undefined);
}

function linesWithSecrets(text: Exclude<Text, string>): ReadonlySet<number> {
  let line = 0;
  const lines = text.pieces.map((piece) => {
    if (typeof piece === "string") line += lineAt(piece, piece.length);
    return typeof piece === "string" ? -1 : line;
  });
  return new Set(lines);
}

/** Which line an offset is on, from 0. */
function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length - 1;
}

function placeOf(text: string, part: WrittenPart, path: Path, { file, files, locateText }: CheckCloudInitOptions): CheckOptions["place"] {
  const named = userDataPath(part);
  if (named === undefined) return locateText(path, text);
  const included = files.get(named)?.text ?? text;
  const inFile = offsetsInTemplate(included, text);
  const source = new SourceText(isAbsolute(named) || named.startsWith("~") ? named : join(dirname(file), named), included);
  // SourceText counts without a byte-order mark.
  const mark = included.length - source.text.length;
  return (offset, length) => {
    const [from, to] = [inFile(offset), inFile(offset + length)];
    return from === undefined || to === undefined ? undefined : source.range(Math.max(0, from - mark), Math.max(to, from + 1) - mark);
  };
}

/**
 * Errors of user-data with its secrets in place, for the last look before a seed is made. They say nothing of the text: what is wrong may be the secret.
 */
export function checkMaterialized(sandbox: string, userData: string): Diagnostic[] {
  const diagnostics = checkUserData(userData);
  if (!hasErrors(diagnostics)) return [];
  return diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ code, severity }) => ({
      code,
      severity,
      summary: `the user-data of sandbox "${sandbox}", with its secrets in place: ${diagnosticCodes[code]}`,
      nextStep:
        "Check the secrets that it names, and how they stand in it: a value of several lines needs a block text and its indentation.",
    }));
}
