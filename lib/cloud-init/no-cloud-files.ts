import { metaData } from "./meta-data.ts";
import { networkConfig } from "./network-config.ts";
import type { SeedContent, SeedIntent } from "./seed-intent.ts";
import { userData } from "./user-data.ts";
import { vendorData } from "./vendor-data.ts";

/** The label by which cloud-init finds a NoCloud seed. */
export const noCloudVolumeId = "cidata";

/**
 * The files of a NoCloud seed. A function of the intent alone: equal intents give equal bytes.
 *
 * @throws RangeError for an intent that cannot be written; user-data should have passed `checkUserData` before
 * @example isoImage({ volumeId: noCloudVolumeId, files: noCloudFiles(intent).map(({ path, content }) => ({ path, content: Buffer.from(content) })) })
 */
export function noCloudFiles(intent: SeedIntent): SeedContent[] {
  const network = networkConfig(intent);
  return [
    { path: "user-data", content: userData(intent) },
    { path: "meta-data", content: metaData(intent) },
    { path: "vendor-data", content: vendorData(intent) },
    ...(network === undefined ? [] : [{ path: "network-config", content: network }]),
  ];
}
