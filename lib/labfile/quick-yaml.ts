import { quickFlow } from "./quick-flow.ts";
import { quickKey, quickScalar } from "./quick-scalar.ts";

/** Shorter texts cannot exceed the limit of `read-yaml.ts` on names, values and marks. */
const longest = 300_000;

const deepest = 50;

/**
 * Reads the YAML that nearly every lab file is written in: block maps and lists, scalars on one line, flow collections on one line, comments. Ten times faster
 * than the `yaml` package, whose nodes are then only made when somebody asks for a place in the file.
 *
 * It never guesses: whatever is not plainly in that subset (anchors, tags, escapes, block text, tabs, duplicate keys, mistakes of any kind) is left to
 * `read-yaml.ts`. A test compares the two over thousands of mutated files.
 *
 * @returns undefined where the text has to be read by the `yaml` package
 */
export function quickYaml(text: string): Record<string, unknown> | undefined {
  if (text.length > longest || /\t|\r|^(?:---|\.\.\.|%)/m.test(text)) return undefined;
  const lines = linesOf(text);
  if (!lines || lines[0]?.indent !== 0) return undefined;
  const reader = new BlockReader(lines);
  const value = reader.map(0, 0);
  return value !== undefined && reader.atEnd ? value : undefined;
}

interface Line {
  indent: number;
  /** Without indentation. */
  content: string;
}

/** The lines that hold something. */
function linesOf(text: string): Line[] | undefined {
  const lines: Line[] = [];
  for (const line of text.split("\n")) {
    let indent = 0;
    while (line.charCodeAt(indent) === 0x20) indent++;
    if (indent === line.length || line.charCodeAt(indent) === 0x23) continue;
    lines.push({ indent, content: line.slice(indent) });
  }
  return lines.length > 0 ? lines : undefined;
}

/** A value that was read; undefined: not in the subset. */
type Read = { readonly value: unknown } | undefined;

class BlockReader {
  readonly #lines: readonly Line[];
  #next = 0;

  constructor(lines: readonly Line[]) {
    this.#lines = lines;
  }

  get atEnd(): boolean {
    return this.#next === this.#lines.length;
  }

  /** The entries whose keys stand in this column. */
  map(indent: number, depth: number): Record<string, unknown> | undefined {
    if (depth > deepest) return undefined;
    const map: Record<string, unknown> = {};
    for (let line = this.#lines[this.#next]; line?.indent === indent; line = this.#lines[this.#next]) {
      const key = quickKey(line.content);
      if (key === undefined || Object.hasOwn(map, key.name)) return undefined;
      this.#next++;
      const read = key.rest === "" ? this.#below(indent, depth) : inline(key.rest);
      if (!read) return undefined;
      map[key.name] = read.value;
    }
    return this.#endsAt(indent) ? map : undefined;
  }

  #list(indent: number, depth: number): unknown[] | undefined {
    if (depth > deepest) return undefined;
    const list: unknown[] = [];
    for (let line = this.#lines[this.#next]; line?.indent === indent && line.content.startsWith("- "); line = this.#lines[this.#next]) {
      const content = line.content.slice(2).trimStart();
      const read = quickKey(content) ? this.#compactMap(line, content, depth) : this.#item(content);
      if (!read) return undefined;
      list.push(read.value);
    }
    const after = this.#lines[this.#next];
    return after === undefined || after.indent <= indent ? list : undefined;
  }

  #item(content: string): Read {
    this.#next++;
    return inline(content);
  }

  /** `- key: value`: a map whose first key stands behind the dash. */
  #compactMap(line: Line, content: string, depth: number): Read {
    const indent = line.indent + line.content.length - content.length;
    // The line is read once more, now as the first of the map.
    Object.assign(line, { indent, content });
    const value = this.map(indent, depth + 1);
    return value && { value };
  }

  /** What stands below a key that has nothing behind it: a map, a list, or nothing. */
  #below(indent: number, depth: number): Read {
    const line = this.#lines[this.#next];
    if (!line || line.indent < indent) return { value: null };
    const isList = line.content.startsWith("- ");
    if (line.indent === indent && !isList) return { value: null };
    const value = isList ? this.#list(line.indent, depth + 1) : this.map(line.indent, depth + 1);
    return value && { value };
  }

  /** A line that is indented deeper than the map continues a scalar: not in the subset. */
  #endsAt(indent: number): boolean {
    const line = this.#lines[this.#next];
    return line === undefined || line.indent < indent;
  }
}

/** What stands behind a colon or a dash. */
function inline(text: string): Read {
  const first = text[0];
  return first === "[" || first === "{" ? quickFlow(text) : quickScalar(text);
}
