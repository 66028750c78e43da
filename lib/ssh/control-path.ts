import { createHash } from "node:crypto";
import { join } from "node:path";

/**
 * Longest path in bytes for a shared connection's socket. A socket's path has at most 103 bytes on macOS and BSD (107 on Linux),
 * and ssh first listens at a temporary name that is 17 longer.
 */
const longest = 86;

/**
 * Where the socket of a shared connection goes: in the first folder where its path is short enough.
 *
 * @param folders candidates, best first; each must be the user's own (mode 0700), as who can write there gets the connection
 * @param identity what must be equal for a connection to be shared, such as deployment, sandbox, address, port and user
 * @returns undefined if the path would be too long everywhere: then connections are not shared
 */
export function controlPath(folders: readonly string[], identity: readonly (string | number)[]): string | undefined {
  const name = createHash("sha256").update(JSON.stringify(identity)).digest("hex").slice(0, 16);
  return folders.map((folder) => join(folder, name)).find((path) => Buffer.byteLength(path) <= longest);
}
