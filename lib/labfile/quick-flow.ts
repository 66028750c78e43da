import { quickPlain } from "./quick-scalar.ts";

/** A name or a value between the marks of a flow collection, up to the next mark. */
const bare = /[A-Za-z0-9_./~$(][^[\]{},:#"'&*!|>%@`\\]*/y;
const quoted = /"([^"\\]*)"|'([^']*)'/y;
const spaces = / */y;
const end = /^ *(?: #.*)?$/;
const deepest = 20;

/**
 * Reads `[a, { b: c }]` on one line, perhaps with a comment behind it; undefined for anything that is not plainly that. Colons occur only between
 * a key and its value.
 */
export function quickFlow(text: string): { readonly value: unknown } | undefined {
  const reader = new FlowReader(text);
  const read = reader.value(0);
  return read && end.test(text.slice(reader.offset)) ? read : undefined;
}

type Read = { readonly value: unknown } | undefined;

class FlowReader {
  offset = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): Read {
    if (depth > deepest) return undefined;
    const mark = this.#text[this.offset];
    if (mark === "[") return this.#list(depth);
    if (mark === "{") return this.#map(depth);
    return this.#scalar();
  }

  #list(depth: number): Read {
    const list: unknown[] = [];
    const closed = this.#items("]", () => {
      const read = this.value(depth + 1);
      if (read) list.push(read.value);
      return read !== undefined;
    });
    return closed ? { value: list } : undefined;
  }

  #map(depth: number): Read {
    const map: Record<string, unknown> = {};
    const closed = this.#items("}", () => {
      const key = this.#scalarText();
      if (key === undefined || key === "__proto__" || key === "<<" || Object.hasOwn(map, key)) return false;
      if (this.#text[this.offset] !== ":" || this.#text[this.offset + 1] !== " ") return false;
      this.offset++;
      this.#skipSpaces();
      const read = this.value(depth + 1);
      if (read) map[key] = read.value;
      return read !== undefined;
    });
    return closed ? { value: map } : undefined;
  }

  /** Items between commas, from the opening mark to the closing one. */
  #items(closing: string, item: () => boolean): boolean {
    this.offset++;
    this.#skipSpaces();
    if (this.#take(closing)) return true;
    for (;;) {
      if (!item()) return false;
      this.#skipSpaces();
      if (this.#take(closing)) return true;
      if (!this.#take(",")) return false;
      this.#skipSpaces();
    }
  }

  #scalar(): Read {
    const mark = this.#text[this.offset];
    const text = this.#scalarText();
    if (text === undefined) return undefined;
    return mark === '"' || mark === "'" ? { value: text } : quickPlain(text);
  }

  /** The text of a scalar or key, without quotes. */
  #scalarText(): string | undefined {
    const mark = this.#text[this.offset];
    const form = mark === '"' || mark === "'" ? quoted : bare;
    form.lastIndex = this.offset;
    const match = form.exec(this.#text);
    if (!match) return undefined;
    this.offset = form.lastIndex;
    return form === bare ? match[0].trimEnd() : (match[1] ?? match[2]);
  }

  #skipSpaces(): void {
    spaces.lastIndex = this.offset;
    spaces.exec(this.#text);
    this.offset = spaces.lastIndex;
  }

  #take(mark: string): boolean {
    if (this.#text[this.offset] !== mark) return false;
    this.offset++;
    return true;
  }
}
