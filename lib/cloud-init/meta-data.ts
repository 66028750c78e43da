import type { SeedIntent } from "./seed-intent.ts";
import { isWithin } from "./vendor-data.ts";
import { writeYaml } from "./yaml-1-1.ts";

/** NoCloud's meta-data. cloud-init makes host name and domain of a `local-hostname` with dots. */
export function metaData({ instanceId, hostname, fqdn }: SeedIntent): string {
  return writeYaml({ "instance-id": instanceId, "local-hostname": fqdn !== undefined && isWithin(hostname, fqdn) ? fqdn : hostname });
}
