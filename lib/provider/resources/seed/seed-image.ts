import { noCloudVolumeId } from "../../../cloud-init/no-cloud-files.ts";
import { isoImage } from "../../../seed/iso-image.ts";
import { instanceIdIn } from "./rules.ts";

/** What a seed is made of; null where the user wrote nothing. */
export interface SeedTexts {
  readonly user_data: string | null;
  readonly vendor_data: string | null;
  readonly meta_data: string | null;
  readonly network_config: string | null;
}

/** The instance-id of a seed without meta-data of its own: another revision is another one. */
export function defaultInstanceId(lab: string, name: string, revision: string): string {
  return `${lab}-${name}-${revision}`;
}

/** The seed as a NoCloud image (ISO 9660). It may hold secrets: keep it 0600. Pure. */
export function seedImage(
  texts: SeedTexts,
  { lab, name, revision }: { lab: string; name: string; revision: string },
): { image: Uint8Array; instanceId: string } {
  const instanceId = (texts.meta_data === null ? undefined : instanceIdIn(texts.meta_data)) ?? defaultInstanceId(lab, name, revision);
  const files = {
    "user-data": texts.user_data ?? "#cloud-config\n{}\n",
    "meta-data": texts.meta_data ?? `${JSON.stringify({ "instance-id": instanceId, "local-hostname": name })}\n`,
    "vendor-data": texts.vendor_data,
    "network-config": texts.network_config,
  };
  const encoder = new TextEncoder();
  return {
    instanceId,
    image: isoImage({
      volumeId: noCloudVolumeId,
      files: Object.entries(files).flatMap(([path, content]) => (content === null ? [] : [{ path, content: encoder.encode(content) }])),
    }),
  };
}
