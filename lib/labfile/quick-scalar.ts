const key = /^([A-Za-z_][A-Za-z0-9_-]{0,99}):(?: +|$)/;

/** `name: rest` with a plain name; a comment behind the colon is dropped. */
export function quickKey(content: string): { readonly name: string; readonly rest: string } | undefined {
  const match = key.exec(content);
  const name = match?.[1];
  if (!match || name === undefined || name === "__proto__") return undefined;
  const rest = content.slice(match[0].length);
  return { name, rest: rest.startsWith("#") ? "" : rest };
}

const quoted = /^(?:"([^"\\]*)"|'([^']*)') *(?: #.*)?$/;

/** A scalar that is the rest of its line, perhaps with a comment behind it; undefined where YAML could mean something else. */
export function quickScalar(text: string): { readonly value: unknown } | undefined {
  if (text[0] === '"' || text[0] === "'") {
    const match = quoted.exec(text);
    return match ? { value: match[1] ?? match[2] } : undefined;
  }
  const comment = text.indexOf(" #");
  return quickPlain((comment === -1 ? text : text.slice(0, comment)).trimEnd());
}

const plain = /^[A-Za-z0-9_./~$(][^\p{Cc}\u00A0\u2028\u2029\uFEFF]*$/u;
const wholeNumber = /^(?:0|[1-9][0-9]{0,14})$/;
const words: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["true", true],
  ["false", false],
]);
/** Whatever could be a number or one of the words in another spelling. */
const doubtful = /^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:e[-+]?[0-9]+)?|0[xo].*|[-+]?\.(?:inf|nan)|null|true|false|~)$/i;

/** An unquoted scalar in YAML's core schema. */
export function quickPlain(text: string): { readonly value: unknown } | undefined {
  if (wholeNumber.test(text)) return { value: Number(text) };
  if (words.has(text)) return { value: words.get(text) };
  if (!plain.test(text) || doubtful.test(text) || text.includes(": ") || text.endsWith(":")) return undefined;
  return { value: text };
}
