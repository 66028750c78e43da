import { readdirSync, readFileSync } from "node:fs";
import * as fc from "fast-check";

const corpus = new URL("corpus/", import.meta.url);
/** The labs of the corpus, as text. */
export const labs = readdirSync(corpus).map((name) => readFileSync(new URL(name, corpus), "utf8"));

/** One change, as an editor or a bad merge would make it. `at`, `to` are places between 0 and 1. */
type Mutation = (text: string, at: number, to: number) => string;

function onLines(change: (lines: string[], at: number, to: number) => void): Mutation {
  return (text, at, to) => {
    const lines = text.split("\n");
    change(lines, Math.floor(at * lines.length), Math.floor(to * lines.length));
    return lines.join("\n");
  };
}

const insertions = [
  "\t",
  "  ",
  "\0",
  "\uFEFF",
  "\r",
  "\r\n",
  "---\n",
  "- ",
  "? ",
  ": ",
  "#",
  "'",
  '"',
  "`",
  "@",
  "%",
  "&a ",
  "*a",
  "*small",
  "!x ",
  "<<: ",
  "{",
  "}",
  "[",
  "]",
  ",",
  "|",
  ">",
  "${var:size}",
  "${var:",
  "$${var:x}",
  "yes",
  "0644",
  "1e999",
  ".nan",
  "__proto__: ",
  "constructor: ",
  "\\",
  "\uD800",
  "漢",
  "\u0085",
  "\u2028",
  "null",
  "~",
  "[".repeat(200),
  "- ".repeat(200),
];

const mutations: readonly Mutation[] = [
  onLines((lines, at) => lines.splice(at, 1)),
  onLines((lines, at) => lines.splice(at, 0, lines[at] ?? "")),
  onLines((lines, at, to) => ([lines[at], lines[to]] = [lines[to] ?? "", lines[at] ?? ""])),
  onLines((lines, at) => (lines[at] = `  ${lines[at] ?? ""}`)),
  onLines((lines, at) => (lines[at] = (lines[at] ?? "").replace(/^ {1,2}/, ""))),
  onLines((lines, at, to) => lines.splice(at, 0, ...lines.slice(to, to + 5))),
  (text, at, to) =>
    text.slice(0, Math.floor(at * text.length)) +
    (insertions[Math.floor(to * insertions.length)] ?? "") +
    text.slice(Math.floor(at * text.length)),
  (text, at, to) => text.slice(0, Math.floor(at * text.length)) + text.slice(Math.floor(at * text.length) + Math.ceil(to * 10)),
  (text, at) => text.slice(0, Math.floor(at * text.length)),
];

const place = fc.double({ min: 0, max: 0.999999, noNaN: true });
/** Labs of the corpus with up to six changes. */
export const mutated = fc
  .tuple(fc.constantFrom(...labs), fc.array(fc.tuple(fc.constantFrom(...mutations), place, place), { minLength: 1, maxLength: 6 }))
  .map(([lab, changes]) => changes.reduce((text, [mutate, at, to]) => mutate(text, at, to), lab));
