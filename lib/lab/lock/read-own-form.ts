/**
 * Reads the text that `printLockFile` writes, and nothing else: two spaces per level, sections as blocks, entries in one-line form. Ten times as fast as a YAML
 * library, which a lock of a thousand sandboxes would keep busy for longer than everything else does that a command has to do.
 *
 * @returns undefined for any other text: then a YAML library has to read it (and finds what is wrong with it)
 */
export function readOwnForm(text: string): unknown {
  const top = new Map<string, unknown>();
  const open: Map<string, unknown>[] = [top];
  const blocks: Map<string, unknown>[] = [top];
  for (const line of text.split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    const indent = /^ */.exec(line)?.[0].length ?? 0;
    const map = indent % 2 === 0 ? open[indent / 2] : undefined;
    const reader = new LineReader(line, indent);
    const key = reader.scalar();
    if (map === undefined || typeof key !== "string" || map.has(key) || !reader.accept(":")) return undefined;
    open.length = indent / 2 + 1;
    if (reader.atEnd()) {
      const block = new Map<string, unknown>();
      map.set(key, block);
      open.push(block);
      blocks.push(block);
      continue;
    }
    const value = reader.accept(" ") ? reader.value() : undefined;
    if (value === undefined || !reader.atEnd()) return undefined;
    map.set(key, value);
  }
  // A block with nothing in it is `null` in YAML; ours has `{}` there.
  return blocks.some(({ size }) => size === 0) ? undefined : plainObject(top);
}

function plainObject(value: unknown): unknown {
  if (!(value instanceof Map)) return value;
  return Object.fromEntries([...(value as Map<string, unknown>)].map(([key, entry]) => [key, plainObject(entry)]));
}

const plain = /[A-Za-z][A-Za-z0-9._/-]*|\d+\.\d+\.\d+\.\d+(?:\/\d+)?|\d+/y;
const quoted = /"(?:[^"\\]|\\.)*"/y;
/** Words that YAML does not take for text. */
const words = /^(true|false|null)$/i;

class LineReader {
  readonly #line: string;
  #position: number;

  constructor(line: string, position: number) {
    this.#line = line;
    this.#position = position;
  }

  atEnd(): boolean {
    return this.#position === this.#line.length;
  }

  accept(text: string): boolean {
    if (!this.#line.startsWith(text, this.#position)) return false;
    this.#position += text.length;
    return true;
  }

  /** A text, a whole number, or `true`; undefined for anything else. */
  scalar(): string | number | boolean | undefined {
    const json = this.#match(quoted);
    if (json !== undefined) return parseJson(json);
    const word = this.#match(plain);
    if (word === undefined) return undefined;
    if (/^\d+$/.test(word)) return String(Number(word)) === word ? Number(word) : undefined;
    return words.test(word) ? (word === "true" ? true : undefined) : word;
  }

  /** A scalar, a list or a map in one-line form. */
  value(): unknown {
    if (this.accept("{}")) return new Map();
    if (this.accept("[]")) return [];
    if (this.accept("{ ")) return this.#map();
    if (this.accept("[")) return this.#list();
    return this.scalar();
  }

  #map(): Map<string, unknown> | undefined {
    const map = new Map<string, unknown>();
    do {
      const key = this.scalar();
      if (typeof key !== "string" || map.has(key) || !this.accept(": ")) return undefined;
      const value = this.value();
      if (value === undefined) return undefined;
      map.set(key, value);
    } while (this.accept(", "));
    return this.accept(" }") ? map : undefined;
  }

  #list(): unknown[] | undefined {
    const list: unknown[] = [];
    do {
      const value = this.value();
      if (value === undefined) return undefined;
      list.push(value instanceof Map ? plainObject(value) : value);
    } while (this.accept(", "));
    return this.accept("]") ? list : undefined;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#position;
    const match = pattern.exec(this.#line)?.[0];
    if (match !== undefined) this.#position += match.length;
    return match;
  }
}

/** A text in quotes as JSON has it; undefined where YAML's escapes are others. */
function parseJson(text: string): string | undefined {
  try {
    return JSON.parse(text) as string;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
