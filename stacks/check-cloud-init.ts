import { dirname, isAbsolute, join } from "node:path";
import { checkNetworkConfig } from "../lib/cloud-init/check-network-config.ts";
import { checkSettings } from "../lib/cloud-init/check-settings.ts";
import { checkUserData, type CheckOptions } from "../lib/cloud-init/check-user-data.ts";
import type { Diagnostic } from "../lib/diagnostics/diagnostic.ts";
import { offsetsInTemplate } from "../lib/diagnostics/filled-text.ts";
import { SourceText } from "../lib/diagnostics/source-text.ts";
import { isText } from "../lib/lab/seed-identity.ts";
import type { Lab, LabCloudInit, LabSandbox } from "../lib/lab/lab.ts";
import { expandSandboxes, type SandboxDraft } from "../lib/lab/settings/expand-sandboxes.ts";
import { fillText, nameOfSecret, secretsOf, type Text } from "../lib/lab/text.ts";
import { ownDataKeys, textsOf, type OwnDataKey } from "../lib/lab/user-data.ts";
import type { Path } from "../lib/lab/path.ts";
import { userDataPath, writtenParts, type WrittenPart } from "../lib/lab/written/user-data-path.ts";
import type { WrittenLab } from "../lib/lab/written-lab.ts";

export interface CheckCloudInitOptions {
  readonly lab: Lab;
  readonly written: WrittenLab;
  /** The lab file as messages name it: user-data files are named relative to it. Empty: there is none. */
  readonly file: string;
  /** Texts of included files, by path as written. */
  readonly files: ReadonlyMap<string, { readonly text: string }>;
  /** Finds characters of a text that stands at a path of the lab file. @default - texts are files of their own, named by their path in the lab */
  readonly locateText?: (path: Path, text: string) => NonNullable<CheckOptions["place"]>;
  /** cloud-init's version in an image, by the image's name, where it is known. @default - nothing is said of what is deprecated */
  readonly cloudInitVersions?: ReadonlyMap<string, string>;
}

/**
 * Checks the user-data, network configurations and typed keys of a lab's sandboxes. Each fault once, where it is written: in the user-data file, or inside the lab.
 *
 * User-data with secrets is checked with a word in their places; what is said of lines with secrets is left out, as it may be about that word.
 */
export function checkCloudInit(options: CheckCloudInitOptions): Diagnostic[] {
  const found = new Map<string, Diagnostic>();
  const clean = new Set<string>();
  let drafts: ReadonlyMap<string, SandboxDraft> | undefined;
  for (const sandbox of Object.values(options.lab.sandboxes)) {
    const { name, cloudInit, image } = sandbox;
    const cloudInitVersion = options.cloudInitVersions?.get(image) ?? unknownVersion;
    const draft = (): SandboxDraft | undefined =>
      (drafts ??= new Map(expandSandboxes(options.written, () => undefined).map((each) => [each.name, each]))).get(name);
    const { networkConfig } = cloudInit;
    const ofTexts = ownDataKeys.flatMap((key) =>
      textsOf(cloudInit[key]).flatMap((own, index) => {
        const text = fillText(own, () => placeholder);
        // Most sandboxes share their text, and most texts are fine: only what is not is looked at again, for its places.
        const known = `${cloudInitVersion} ${text}`;
        if (clean.has(known)) return [];
        const isClean = checkUserData(text, { cloudInitVersion }).length === 0;
        if (isClean) clean.add(known);
        return isClean ? [] : checkAt(text, own, { draft: draft(), key, index, cloudInitVersion }, options);
      }),
    );
    const ofNetwork = networkConfig === undefined ? [] : checkNetworkConfig(networkConfig, draft()?.at("cloudInit", "networkConfig"));
    for (const diagnostic of [...ofTexts, ...ofNetwork, ...checkKeys(sandbox, draft)]) found.set(JSON.stringify(diagnostic), diagnostic);
  }
  return [...found.values()];
}

/** Older than every deprecation: of an image that nobody has looked into, nothing is known to be deprecated. */
const unknownVersion = "0";

/** Stands for a secret in text that is checked without it. Text that can be a name, a word of YAML and a word of a shell. */
const placeholder = "secret";

/** Which of a sandbox's own texts it is. */
interface Whose {
  readonly draft: SandboxDraft | undefined;
  readonly key: OwnDataKey;
  readonly index: number;
  readonly cloudInitVersion: string;
}

function checkAt(text: string, own: Text, { draft, key, index, cloudInitVersion }: Whose, options: CheckCloudInitOptions): Diagnostic[] {
  const written = writtenParts(draft?.settings.cloudInit?.[key])[index];
  const path = draft && written ? draft.at("cloudInit", key, ...written.steps) : [];
  const place = written && placeOf(text, written.part, path, options);
  if (typeof own === "string") return checkUserData(text, { place, cloudInitVersion }).map((diagnostic) => ({ ...diagnostic, path }));
  const secretLines = linesWithSecrets(own);
  const known: CheckOptions["place"] = (offset, length) => (secretLines.has(lineAt(text, offset)) ? undefined : place?.(offset, length));
  return checkUserData(text, { place: known, cloudInitVersion }).filter(({ source }) => source !== undefined);
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
  if (named === undefined) return locateText ? locateText(path, text) : placeIn(new SourceText(path.join("."), text));
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

function placeIn(source: SourceText): CheckOptions["place"] {
  return (offset, length) => source.range(offset, offset + Math.max(1, length));
}

/** What is typed in the lab has no text of its own: it is found at its key. */
function checkKeys({ cloudInit }: LabSandbox, draft: () => SandboxDraft | undefined): Diagnostic[] {
  const { runCmd, writeFiles, settings = {} } = cloudInit;
  const plain = (text: Text): string => fillText(text, () => placeholder);
  const commands = (written: typeof runCmd) => written.map((command) => (isText(command) ? plain(command) : command.map(plain)));
  const found = checkSettings({
    runCmd: commands(runCmd),
    bootCmd: commands(settings.bootCmd ?? []),
    writeFiles: writeFiles.map(({ content, permissions }) => {
      // What comes from a file is more often its text than a secret.
      const secret = secretsOf(content).find((reference) => "env" in reference);
      return { content: plain(content), permissions, ...(secret && { secret: nameOfSecret(secret) }) };
    }),
    users: (settings.users ?? []).map(({ passwordHash }) => (typeof passwordHash === "string" ? { passwordHash } : {})),
  });
  return found.map((diagnostic) => ({
    ...diagnostic,
    path: draft()?.at("cloudInit", ...inDraft(diagnostic.path, cloudInit, draft())) ?? [],
  }));
}

/** Entries for one user were joined: the place is that of the last one that says it. */
function inDraft([key = "", index = 0, ...rest]: Path, { settings }: LabCloudInit, draft: SandboxDraft | undefined): Path {
  if (key !== "users") return [key, index, ...rest];
  const name = settings?.users?.[Number(index)]?.name;
  const written = draft?.settings.cloudInit?.users?.findLastIndex((user) => user.name === name && user.passwordHash !== undefined) ?? -1;
  return written === -1 ? [key] : [key, written, ...rest];
}
