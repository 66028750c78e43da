/** A section of an INI file: its name and its lines in order, since keys repeat. */
export interface Section {
  readonly name: string;
  readonly entries: readonly (readonly [key: string, value: string])[];
}

/** Reads systemd's and NetworkManager's files: sections, `key=value`, comments. A section may stand several times. */
export function readIni(text: string): Section[] {
  const found: { name: string; entries: [string, string][] }[] = [];
  for (const line of text.split("\n").map((one) => one.trim())) {
    if (line === "" || line.startsWith("#") || line.startsWith(";")) continue;
    const name = /^\[(.+)\]$/.exec(line)?.[1];
    if (name !== undefined) found.push({ name, entries: [] });
    else {
      const at = line.indexOf("=");
      if (at === -1 || found.length === 0) throw new Error(`Neither a section nor a key: ${line}`);
      found.at(-1)?.entries.push([line.slice(0, at).trim(), line.slice(at + 1).trim()]);
    }
  }
  return found;
}

/** All values of a key in all sections of a name, in order. */
export function values(sections: readonly Section[], name: string, key: string): string[] {
  return sections
    .filter((section) => section.name === name)
    .flatMap(({ entries }) => entries.flatMap(([one, value]) => (one === key ? [value] : [])));
}

/** The last of them: what counts. */
export function value(sections: readonly Section[], name: string, key: string): string | undefined {
  return values(sections, name, key).at(-1);
}
