/**
 * Readers of VBoxManage's own listings. All are pure, take CRLF as it comes from Windows, and pass over lines they do not know.
 * Sources: recorded from 7.2.22; facts of issue #4's sheet for what only other systems print.
 */

/** A medium of `list hdds --long` (or of `showmediuminfo`, which is one block of it). */
export interface ListedMedium {
  readonly id: string;
  /** UUID of its parent; undefined for a base. */
  readonly parent?: string;
  readonly location: string;
  /** In MiB, rounded down: VBoxManage has no finer listing. */
  readonly capacityMebibytes: number;
  readonly state: string;
  /** UUIDs of the machines that have it attached, in their current state or in a snapshot. */
  readonly usedBy: readonly string[];
  readonly children: readonly string[];
}

/** Reads `list hdds [--long]`: blocks of `Key: value`, a blank line between them; lines that begin with space go on the one before. */
export function parseMedia(output: string): ListedMedium[] {
  return blocks(output).flatMap((block) => {
    const fields = new Map<string, string[]>();
    let values: string[] = [];
    for (const line of block) {
      const match = /^([A-Z][A-Za-z -]*): *(.*)$/.exec(line);
      if (match) {
        values = [...(fields.get(match[1] ?? "") ?? []), match[2] ?? ""];
        fields.set(match[1] ?? "", values);
      } else if (/^\s/.test(line)) values.push(line.trim());
    }
    const one = (key: string): string => fields.get(key)?.[0] ?? "";
    const id = one("UUID");
    if (!uuid.test(id)) return [];
    const parent = one("Parent UUID");
    return [
      {
        id: id.toLowerCase(),
        ...(uuid.test(parent) ? { parent: parent.toLowerCase() } : {}),
        location: one("Location"),
        capacityMebibytes: Number.parseInt(one("Capacity"), 10) || 0,
        state: one("State"),
        usedBy: (fields.get("In use by VMs") ?? []).flatMap((line) => /^.*?\(UUID: ([0-9a-f-]{36})\)/i.exec(line)?.[1]?.toLowerCase() ?? []),
        children: (fields.get("Child UUIDs") ?? []).map((line) => line.toLowerCase()).filter((line) => uuid.test(line)),
      },
    ];
  });
}

/** Reads `list vms` or `list runningvms`. Quotes inside names are not escaped, so the braces at the end of the line decide. */
export function parseMachineList(output: string): { readonly name: string; readonly id: string }[] {
  return output.split(/\r?\n/).flatMap((line) => {
    const match = /^"(.*)" \{([0-9a-f-]{36})\}\s*$/i.exec(line);
    return match ? [{ name: match[1] ?? "", id: (match[2] ?? "").toLowerCase() }] : [];
  });
}

/** States of the machines of `list --long runningvms` by UUID, in VirtualBox's words: `running`, `paused` … */
export function parseRunningStates(output: string): Map<string, string> {
  const states = new Map<string, string>();
  let id: string | undefined;
  for (const line of output.split(/\r?\n/)) {
    // Both stand once for each machine, in this order; a description that looks alike comes after them.
    const found = /^UUID: +([0-9a-f-]{36})\s*$/i.exec(line)?.[1]?.toLowerCase();
    if (found !== undefined && !states.has(found)) id = found;
    const state = /^State: +([a-z -]+?)(?: \(since .*)?$/.exec(line)?.[1];
    if (id !== undefined && state !== undefined && !states.has(id)) states.set(id, state);
  }
  return states;
}

/**
 * Reads `--machinereadable`. Names and descriptions escape `"` and `\` and have their line ends raw; `SnapshotDescription` escapes nothing; some lines are no pair at all.
 * What VirtualBox itself changes from one reading to the next is left out.
 */
export function parseMachineReadable(output: string): Map<string, string> {
  const values = new Map<string, string>();
  const pattern = /^(?:"([^"\n]+)"|([A-Za-z][\w-]*(?:\([\w/]+\))?))=(?:"((?:[^"\\]|\\[\s\S])*)"|([^"\r\n]*))\r?$/gm;
  for (const [, quoted, bare, text, number] of output.matchAll(pattern)) {
    const key = quoted ?? bare ?? "";
    if (!drifting.has(key) && !values.has(key)) values.set(key, text === undefined ? (number ?? "") : text.replace(/\\(["\\])/g, "$1"));
  }
  return values;
}

/** Loses milliseconds, or turns from 0 to 1, when VBoxSVC reads the file again. */
const drifting = new Set(["VMStateChangeTime", "localhostReachable"]);

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function blocks(output: string): string[][] {
  return output
    .split(/\r?\n\s*\r?\n/)
    .map((block) => block.split(/\r?\n/).filter((line) => line.trim() !== ""))
    .filter((block) => block.length > 0);
}
