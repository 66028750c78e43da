/** Takes secrets out of text. */
export type Redact = (text: string) => string;

/** Shorter values would black out ordinary words. */
const shortest = 4;
/** From here on a form is looked for across ends of lines, too: a console wraps, base64 has lines. */
const longEnoughToSplit = 8;

/**
 * Makes a function that replaces secrets by their names, in every form in which programs print them: as they are, line by line, quoted for JSON, a shell or XML, URL-encoded, hexadecimal, base64, and each
 * of these split over lines. Private keys go, too, whoever's they are. Values of fewer than 4 characters stay: they would black out ordinary words.
 *
 * @param secrets value and name of each
 * @example redactor([["hunter22", "${env:PASSWORD}"]])("aHVudGVyMjI= is hunter\n22") // "${env:PASSWORD}= is ${env:PASSWORD}"
 */
export function redactor(secrets: Iterable<readonly [value: string, name: string]>): Redact {
  const names = new Map<string, string>();
  for (const [value, name] of secrets) {
    // A file's lines, too: a program that prints a key prints it line by line.
    for (const part of new Set([value.trim(), ...value.split("\n").map((line) => line.trim())])) {
      if (part.length < shortest) continue;
      for (const form of formsOf(part)) if (!names.has(form)) names.set(form, name);
    }
  }
  // Longest first, so that a secret within another one does not leave its rest.
  const forms = [...names].toSorted(([one], [other]) => other.length - one.length);
  return (text) => withoutSpans(text, spansIn(text, forms)).replaceAll(privateKey, "***private key***");
}

const privateKey = /-----BEGIN ([A-Z ]*)PRIVATE KEY-----[\s\S]*?-----END \1PRIVATE KEY-----/g;

function formsOf(value: string): string[] {
  const url = encodeURIComponent(value);
  const bytes = Buffer.from(value);
  const json = JSON.stringify(value).slice(1, -1);
  // A text that is encoded may be JSON, as most of a seed is.
  const encoded = value.length < longEnoughToSplit ? [] : [...new Set([value, json])];
  const base64 = encoded.flatMap((text) => [0, 1, 2].map((before) => base64Core(Buffer.from(text), before)));
  const forms = [
    value,
    json,
    value.replaceAll("'", String.raw`'\''`),
    value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;").replaceAll("'", "&apos;"),
    url,
    url.replaceAll("%20", "+"),
    url.replaceAll(/%../g, (code) => code.toLowerCase()),
    bytes.toString("hex"),
    bytes.toString("hex").toUpperCase(),
    ...base64,
    ...base64.map((text) => text.replaceAll("+", "-").replaceAll("/", "_")),
  ];
  return forms.map((form) => (form.length < longEnoughToSplit ? form : form.replaceAll(/\s/g, "")));
}

/** The characters of base64 that the value alone decides, where `before` bytes stand before it. */
function base64Core(bytes: Buffer, before: number): string {
  const text = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
  return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
}

interface Span {
  readonly from: number;
  readonly to: number;
  readonly name: string;
}

function spansIn(text: string, forms: readonly (readonly [form: string, name: string])[]): Span[] {
  const kept: number[] = [];
  let squeezed = "";
  for (const { 0: black, index } of text.matchAll(/\S+/g)) {
    squeezed += black;
    for (let offset = 0; offset < black.length; offset++) kept.push(index + offset);
  }
  return forms.flatMap(([form, name]) => {
    const splits = form.length >= longEnoughToSplit;
    return occurrences(splits ? squeezed : text, form).map((at) => {
      const last = at + form.length - 1;
      return splits ? { from: kept[at] ?? 0, to: (kept[last] ?? 0) + 1, name } : { from: at, to: last + 1, name };
    });
  });
}

function occurrences(text: string, part: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + 1)) found.push(at);
  return found;
}

/** What overlaps is replaced as one, by the name of the longest. */
function withoutSpans(text: string, spans: readonly Span[]): string {
  let redacted = "";
  let end = 0;
  for (const { from, to, name } of spans.toSorted((one, other) => one.from - other.from || other.to - one.to)) {
    if (from >= end) redacted += text.slice(end, from) + name;
    end = Math.max(end, to);
  }
  return redacted + text.slice(end);
}
