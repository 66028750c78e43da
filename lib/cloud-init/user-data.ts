import { loginConfig } from "./login.ts";
import { readOwnTexts, withOwnTexts, type OwnText } from "./own-text.ts";
import { proxyFiles } from "./proxy.ts";
import { readCloudConfig } from "./read-cloud-config.ts";
import { repositoryConfig } from "./repositories.ts";
import type { SeedIntent } from "./seed-intent.ts";
import { storageConfig } from "./storage.ts";
import { systemConfig } from "./system.ts";

/**
 * The user-data of a sandbox: what the lab declares, merged in the guest with the user's own text. A text that stands alone is written as it is.
 *
 * @throws RangeError for user-data that `checkUserData` has an error for and that is no user-data at all
 */
export function userData(intent: SeedIntent): string {
  const theirs = readOwnTexts(intent.userData);
  return withOwnTexts(ourConfig(intent, theirs), theirs, "user-data");
}

function ourConfig(intent: SeedIntent, theirs: readonly OwnText[]): object {
  const { packages, runCmd, settings = {}, diskDevices = {} } = intent;
  const writeFiles = [...proxyFiles(settings), ...intent.writeFiles];
  return {
    ...loginConfig(intent, usersOf(theirs)),
    ...repositoryConfig(settings),
    ...storageConfig(settings, diskDevices),
    ...systemConfig(settings),
    ...(packages.length === 0 ? {} : { packages }),
    ...(writeFiles.length === 0 ? {} : { write_files: writeFiles }),
    ...(runCmd.length === 0 ? {} : { runcmd: runCmd }),
  };
}

/** `users` of all that can be read, in order. */
function usersOf(theirs: readonly OwnText[]): unknown[] {
  return theirs.flatMap(({ kind, text }) => {
    if (kind !== "cloud-config") return [];
    const read = readCloudConfig(text);
    const users = "problem" in read ? undefined : read.value["users"];
    return Array.isArray(users) ? (users as unknown[]) : [];
  });
}
