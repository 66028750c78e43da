import { rm } from "node:fs/promises";
import { join } from "node:path";
import { makeTemporaryFolder } from "../../files/temporary-folder.ts";

/** A place for a socket that no other user can open. */
export interface PrivateSocket {
  readonly path: string;
  /** Removes the socket and its directory. */
  remove(): Promise<void>;
}

/**
 * Makes a directory of mode 0700 for a socket.
 *
 * @throws Error if the directory for temporary files has so long a name that no socket's name fits: 107 bytes is the system's limit
 */
export async function makePrivateSocket(): Promise<PrivateSocket> {
  const directory = await makeTemporaryFolder("socket");
  const path = join(directory, "provider");
  const remove = () => rm(directory, { recursive: true, force: true });
  if (Buffer.byteLength(path) <= 103) return { path, remove };
  await remove();
  throw new Error(`expected a name of at most 103 bytes for a socket, got ${path}: set TMPDIR to a shorter one`);
}
