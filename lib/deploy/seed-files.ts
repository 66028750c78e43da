import { configDriveFiles, configDriveVolumeId } from "../cloud-init/config-drive-files.ts";
import { noCloudFiles, noCloudVolumeId } from "../cloud-init/no-cloud-files.ts";
import type { SeedContent, SeedIntent } from "../cloud-init/seed-intent.ts";
import type { LabSandbox } from "../lab/lab.ts";

/** What is in a seed, and the label by which cloud-init finds it. */
export interface SeedFiles {
  readonly volumeId: string;
  readonly files: readonly SeedContent[];
}

/** The seed's files in the form that the sandbox's image reads. */
export function seedFiles({ seed }: Pick<LabSandbox, "seed">, intent: SeedIntent): SeedFiles {
  return seed === "configdrive"
    ? { volumeId: configDriveVolumeId, files: configDriveFiles(intent) }
    : { volumeId: noCloudVolumeId, files: noCloudFiles(intent) };
}
