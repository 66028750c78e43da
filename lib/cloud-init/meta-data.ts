import type { SeedIntent } from "./seed-intent.ts";
import { isWithin } from "./vendor-data.ts";
import { writeYaml } from "./yaml-1-1.ts";

/** NoCloud's meta-data. cloud-init makes host name and domain of a `local-hostname` with dots. */
export function metaData(intent: SeedIntent): string {
  const names = { "instance-id": intent.instanceId, "local-hostname": hostNameOf(intent) };
  return writeYaml({ ...names, ...intent.metaData, ...names });
}

/** The one name that meta-data has room for: the full one, where the host's own is its first label. */
export function hostNameOf({ hostname, fqdn }: SeedIntent): string {
  return fqdn !== undefined && isWithin(hostname, fqdn) ? fqdn : hostname;
}
