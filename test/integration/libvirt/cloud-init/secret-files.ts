import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

/** A file, and who may read it. */
export interface FoundFile {
  readonly path: string;
  /** Octal permissions: `600`. */
  readonly mode: string;
}

/** Files below a folder that hold one of the texts, as it is or in base64, whether lines are broken in it or not. */
export async function filesWith(folder: string, texts: readonly string[]): Promise<FoundFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const sought = texts.flatMap((text) => [text, ...base64Of(text)]);
  const found = await Promise.all(
    paths.map(async (path) => {
      const content = (await readFile(path, "latin1")).replaceAll(/\r?\n/g, "");
      if (!sought.some((text) => content.includes(text))) return [];
      return [{ path, mode: ((await stat(path)).mode & 0o777).toString(8) }];
    }),
  );
  return found.flat();
}

/** How base64 writes a text at each of the three places where it may begin, without the characters that its neighbours decide. */
function base64Of(text: string): string[] {
  return [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), Buffer.from(text)]).toString("base64");
    return encoded.slice(shift === 0 ? 0 : 4, -4);
  });
}
