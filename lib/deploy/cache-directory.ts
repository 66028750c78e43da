import { homedir } from "node:os";
import { join } from "node:path";

/** Where downloads, built images and remembered checksums are kept: `TERRARIUM_CACHE`, else below XDG_CACHE_HOME, else `~/.cache/terrarium`. */
export function cacheDirectory(env: Readonly<NodeJS.ProcessEnv>): string {
  return env["TERRARIUM_CACHE"] || join(env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "terrarium");
}
