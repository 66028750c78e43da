import type { ImageSource } from "../../lab/lab.ts";

/** True if one of the allowed places has it: an address counts with its host and whole folders of its path, never as a beginning of text. */
export function allowedSource(source: ImageSource, allow: readonly string[]): boolean {
  if (source.kind === "bootstrap") {
    if (source.mirror !== undefined && !allow.some((place) => within(source.mirror, place))) return false;
    return allow.includes("bootstrap");
  }
  if (source.kind === "path") return allow.some((place) => !URL.canParse(place) && inFolder(source.path, place));
  return allow.some((place) => within(source.url, place));
}

function within(address: string | undefined, place: string): boolean {
  if (address === undefined || !URL.canParse(address) || !URL.canParse(place)) return false;
  const [found, allowed] = [new URL(address), new URL(place)];
  return found.origin === allowed.origin && found.username === "" && inFolder(found.pathname, allowed.pathname);
}

function inFolder(path: string, folder: string): boolean {
  if (/(^|\/)\.\.(\/|$)|%2e%2e|%2f/i.test(path)) return false;
  return path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}
