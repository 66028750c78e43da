import type { WrittenCloudInit } from "../written-lab.ts";

/**
 * The path that a `userData` names: that of its `file`, or a text of one line that starts with `./`, `../`, `/` or `~/`. Undefined where it is the user-data
 * itself, which starts with `#` or `Content-Type:`, so that the two are never confused.
 */
export function userDataPath(userData: WrittenCloudInit["userData"]): string | undefined {
  if (typeof userData === "object") return userData.file;
  return userData !== undefined && /^(?:\.{0,2}|~)\/[^\n]*$/.test(userData) ? userData : undefined;
}
