/**
 * Readers of VBoxManage's own listings. All are pure, take CRLF as it comes from Windows, and pass over lines they do not know.
 * Sources: recorded from 7.2.22; facts of issue #4's sheet for what only other systems print.
 */

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
