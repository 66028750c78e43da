import { stripVTControlCharacters } from "node:util";
import { escapeText } from "./escape.ts";

/** What a guest wrote, made safe for a terminal: no escape sequences, line ends of one kind, other control characters shown. */
export function consoleText(raw: string): string {
  return escapeText(stripVTControlCharacters(raw).replaceAll(/\r+\n/g, "\n").replaceAll(/\r/g, "\n"));
}

/** The last lines of a text. A line that has not ended counts as one. */
export function lastLines(text: string, count: number): string {
  const lines = text.split("\n");
  const ended = lines.at(-1) === "";
  const kept = lines.slice(0, ended ? -1 : undefined).slice(-count);
  return count === 0 || kept.length === 0 ? "" : kept.join("\n") + (ended ? "\n" : "");
}
