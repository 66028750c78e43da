import { hostNameOf } from "./meta-data.ts";
import { networkData } from "./network-data.ts";
import type { SeedContent, SeedIntent } from "./seed-intent.ts";
import { userData } from "./user-data.ts";
import { vendorData } from "./vendor-data.ts";
import { writeYaml } from "./yaml-1-1.ts";

/** The label by which cloud-init finds a ConfigDrive. */
export const configDriveVolumeId = "config-2";

/**
 * The files of a ConfigDrive in the form of OpenStack. A function of the intent alone: equal intents give equal bytes.
 *
 * @throws RangeError for an intent that cannot be written: with a network configuration of the user's own, for which there is no file, or what `userData` refuses
 * @example isoImage({ volumeId: configDriveVolumeId, files: configDriveFiles(intent).map(({ path, content }) => ({ path, content: Buffer.from(content) })) })
 */
export function configDriveFiles(intent: SeedIntent): SeedContent[] {
  if (intent.networkConfig !== undefined) throw new RangeError("Expected no networkConfig: a ConfigDrive has no place for it");
  const network = networkData(intent);
  const names = { uuid: intent.instanceId, hostname: hostNameOf(intent) };
  const file = (name: string, content: string): SeedContent => ({ path: `openstack/latest/${name}`, content });
  return [
    file("meta_data.json", writeYaml({ ...names, ...intent.metaData, ...names })),
    file("user_data", userData(intent)),
    file("vendor_data.json", writeYaml({ "cloud-init": vendorData(intent, false) })),
    ...(network === undefined ? [] : [file("network_data.json", writeYaml(network))]),
  ];
}
