import { openLab, requireUnchangedLock, writeLock } from "../../deploy/open-lab.ts";
import { lockDifference } from "../../lab/lock/lock-difference.ts";
import { explainLock } from "../../lab/lock/explain-lock.ts";
import { findMergeConflict } from "../../lab/lock/merge-conflict.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";
import { openLabOptions } from "../lab-options.ts";
import { escapeLine } from "../output/escape.ts";
import { renderTable } from "../output/table.ts";

export interface LockOptions extends CommonOptions {
  readonly locked?: boolean;
  readonly explain?: boolean;
}

const fileName = "terrarium.lock.yaml";

export async function run(context: CommandContext, [file]: readonly string[], options: LockOptions): Promise<CommandResult> {
  const opened = await openLab({ ...openLabOptions(context, options, file), healLock: !options.locked });
  const { lockFile, lock, diagnostics } = opened;
  const name = options.instance === undefined ? fileName : lockFile.path;
  if (options.locked) requireUnchangedLock(opened);
  const differences = lockDifference(lockFile.before, lock);
  const healed = lockFile.text !== undefined && findMergeConflict(lockFile.text, fileName) !== undefined;
  if (!options.locked) await writeLock(opened);
  const changed = differences.length > 0 || healed;
  const head = changed
    ? `Wrote ${name}${healed ? ", with the entries of both sides of its merge conflict" : ""}.`
    : `${name} is up to date.`;
  const reasons = options.explain ? explainLock(opened.written, lockFile.before, lock) : undefined;
  const table = reasons
    ? renderTable(
        ["WHAT", "VALUE", "WHY"],
        reasons.map(({ what, value, why }) => [what, value, why]),
      )
    : "";
  return {
    exitCode: exitCodes.done,
    diagnostics,
    text: table + [head, ...differences.map((line) => `  ${escapeLine(line)}`)].map((line) => `${line}\n`).join(""),
    document: { ok: true, changed, healed, file: lockFile.path, differences, ...(reasons && { reasons }) },
  };
}
