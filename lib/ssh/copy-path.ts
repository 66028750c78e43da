import leven from "leven";
import type { Checked } from "../diagnostics/diagnostic.ts";

/** One end of a copy. */
export type CopyPath =
  /** On this machine. */
  | { readonly sandbox?: undefined; readonly path: string }
  /** In a sandbox; an empty path is the user's home directory, a relative one starts there. */
  | { readonly sandbox: string; readonly path: string };

/**
 * Reads `NAME:PATH`, or a path of this machine, as scp does: a colon before the first slash makes it a sandbox's. `./a:b` is local,
 * and so are `C:\x` and `C:/x` unless a sandbox is called `C`.
 *
 * @param sandboxes names that the lab has
 * @returns `COPY_UNKNOWN_SANDBOX` for another name, `COPY_PATH` for an empty text or one with control characters
 */
export function parseCopyPath(text: string, sandboxes: readonly string[]): Checked<CopyPath> {
  if (text === "" || /\p{Cc}/u.test(text)) return copyPathError(`expected PATH or NAME:PATH, found ${JSON.stringify(text)}`);
  const [, name, path] = /^([^/:]*):([^]*)$/.exec(text) ?? [];
  if (name === undefined || path === undefined) return { value: { path: text }, diagnostics: [] };
  if (name === "") return copyPathError(`expected the name of a sandbox before ":" in ${JSON.stringify(text)}`);
  if (sandboxes.includes(name)) return { value: { sandbox: name, path }, diagnostics: [] };
  if (/^[A-Za-z]$/.test(name) && /^[\\/]/.test(path)) return { value: { path: text }, diagnostics: [] };
  return {
    diagnostics: [
      {
        code: "COPY_UNKNOWN_SANDBOX",
        severity: "error",
        summary: `${JSON.stringify(text)} names sandbox ${JSON.stringify(name)}, which the lab does not have`,
        nextStep: remedy(name, path, text, sandboxes),
      },
    ],
  };
}

function remedy(name: string, path: string, text: string, sandboxes: readonly string[]): string {
  const local = `For a local file of that name write ./${text}`;
  const withoutUser = name.slice(name.lastIndexOf("@") + 1);
  if (name.includes("@") && sandboxes.includes(withoutUser)) {
    return `Leave the user out, the lab names it: ${withoutUser}:${path}`;
  }
  const near = sandboxes
    .map((sandbox) => ({ sandbox, distance: leven(withoutUser, sandbox) }))
    .filter(({ sandbox, distance }) => distance < sandbox.length && distance <= Math.max(1, sandbox.length / 3))
    .sort((a, b) => a.distance - b.distance)[0];
  if (near) return `Did you mean ${near.sandbox}:${path}? ${local}`;
  return sandboxes.length === 0 ? local : `Sandboxes are: ${sandboxes.join(", ")}. ${local}`;
}

function copyPathError(summary: string): Checked<CopyPath> {
  return { diagnostics: [{ code: "COPY_PATH", severity: "error", summary, nextStep: "Write NAME:PATH for a file in a sandbox." }] };
}
