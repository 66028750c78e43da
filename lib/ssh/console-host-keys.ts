import { stripVTControlCharacters } from "node:util";
import { tryParsePublicKey } from "./public-key.ts";

const begin = "-----BEGIN SSH HOST KEY KEYS-----";
const end = "-----END SSH HOST KEY KEYS-----";

/**
 * Host keys that cloud-init prints on the console when a sandbox first boots. Takes the terminal's bytes as they are: carriage
 * returns, colours, kernel messages between the lines. A key that another message was printed into is left out.
 *
 * Of several blocks the last whole one counts: a console log goes on through reboots, and a rebuilt disk has new keys.
 *
 * @returns lines such as `ssh-ed25519 AAAA…`, without comment; empty if there is no whole block yet
 */
export function hostKeysFromConsole(text: string): string[] {
  const endsAt = text.lastIndexOf(end);
  const beginsAt = endsAt === -1 ? -1 : text.lastIndexOf(begin, endsAt);
  if (beginsAt === -1) return [];
  const lines = stripVTControlCharacters(text.slice(beginsAt + begin.length, endsAt)).split(/[\r\n]+/);
  const keys = lines.map(tryParsePublicKey).filter((key) => key !== undefined);
  return [...new Set(keys.map(({ type, base64 }) => `${type} ${base64}`))];
}
