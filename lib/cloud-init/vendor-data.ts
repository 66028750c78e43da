import type { SeedIntent } from "./seed-intent.ts";
import { readOwnTexts, withOwnTexts } from "./own-text.ts";

/**
 * What every sandbox should have unless its user-data says otherwise: of a key in both, cloud-init takes that of the user-data. Merged with the user's own vendor-data,
 * whose values win over ours.
 *
 * @param readsNetworkAtBoot false for a datasource that fails when told to: ConfigDrive
 * @throws RangeError as `userData` does
 */
export function vendorData({ hostname, fqdn, vendorData: theirs }: SeedIntent, readsNetworkAtBoot = true): string {
  const ours = {
    // A changed NIC takes effect at the next boot, with nothing run again.
    ...(readsNetworkAtBoot && { updates: { network: { when: ["boot"] } } }),
    // sudo looks up the host's own name.
    manage_etc_hosts: "localhost",
    // Switches the module off: it fails on images without the locales package. As text, because the schema of cloud-init 22 takes nothing else.
    locale: "false",
    // Nobody has a password here; one that an image or the user's text brings is no way in from the network unless that text says so.
    ssh_pwauth: false,
    // Meta-data has one name only, which cannot say these two.
    ...(fqdn === undefined || isWithin(hostname, fqdn) ? {} : { hostname, fqdn }),
  };
  return withOwnTexts(ours, readOwnTexts(theirs), "vendor-data");
}

/** True if the host name is the first label of the fully qualified one. */
export function isWithin(hostname: string, fqdn: string): boolean {
  return fqdn.startsWith(`${hostname}.`);
}
