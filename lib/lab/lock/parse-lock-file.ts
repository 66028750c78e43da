import { isScalar, LineCounter, parseDocument, visit, type Document } from "yaml";
import type { Checked, Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { LockFile } from "./lab-lock.ts";
import { findMergeConflict, keepBothSides } from "./merge-conflict.ts";
import { readOwnForm } from "./read-own-form.ts";
import { readLockValue } from "./read-lock-value.ts";

const nextStep = "Take the file from version control as it was, or delete it to have everything planned anew; then run `terrarium lock`.";

export interface ParseLockOptions {
  /**
   * Takes the entries of both sides of a merge conflict. Where both have one, ours; where two claim the same address, planning decides.
   *
   * @default false: a conflict is an error
   */
  readonly healConflicts?: boolean;
}

/**
 * Reads `terrarium.lock.yaml`.
 *
 * Reports `LOCK_CONFLICT` (Git's markers), `LOCK_TOO_NEW` and `LOCK_SYNTAX`.
 *
 * @param file how diagnostics name it
 */
export function parseLockFile(text: string, file: string, { healConflicts = false }: ParseLockOptions = {}): Checked<LockFile> {
  const conflict = findMergeConflict(text, file);
  if (conflict && !healConflicts) {
    const summary = `${file} has merge conflict markers`;
    const step = "Run `terrarium lock`: it takes the entries of both sides and plans anew only what collides.";
    return { diagnostics: [{ code: "LOCK_CONFLICT", severity: "error", summary, source: conflict, nextStep: step }] };
  }
  const diagnostics: Diagnostic[] = [];
  const own = conflict ? undefined : readOwnForm(text);
  if (own !== undefined) return checkedLock(own, file, diagnostics);
  const lines = new LineCounter();
  const document = parseDocument(conflict ? keepBothSides(text) : text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: "error",
    schema: "core",
    uniqueKeys: !conflict,
  });
  if (document.errors.length > 0) {
    return {
      diagnostics: document.errors.map(({ message, pos: [start] }) => {
        const { line, col } = lines.linePos(start);
        const source = { file, line, column: col, length: 1, text: text.split(/\r?\n/)[line - 1] ?? "" };
        return { code: "LOCK_SYNTAX", severity: "error", summary: `${file} is not well-formed YAML: ${message}`, source, nextStep };
      }),
    };
  }
  if (conflict) dropRepeatedKeys(document);
  return checkedLock(document.toJS({ maxAliasCount: 0 }), file, diagnostics);
}

function checkedLock(read: unknown, file: string, diagnostics: Diagnostic[]): Checked<LockFile> {
  const value = readLockValue(read, file, nextStep, diagnostics);
  return value === undefined ? { diagnostics } : { value, diagnostics };
}

function dropRepeatedKeys(document: Document): void {
  visit(document, {
    Map: (_, map) => {
      const seen = new Set<unknown>();
      map.items = map.items.filter(({ key }) => {
        const name = isScalar(key) ? key.value : key;
        if (seen.has(name)) return false;
        seen.add(name);
        return true;
      });
    },
  });
}
