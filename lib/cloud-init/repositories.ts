import type { GuestSettings } from "../../schemas/lab/cloud-init/guest-settings.ts";
import { withoutAbsent } from "./without-absent.ts";

/** Package lists, upgrades, and where packages come from. */
export function repositoryConfig({ packageUpdate, packageUpgrade, apt, yum, proxy }: GuestSettings): object {
  const aptKeys = { ...(apt && aptConfig(apt)), ...(proxy && aptProxy(proxy)) };
  return {
    ...withoutAbsent({ package_update: packageUpdate, package_upgrade: packageUpgrade }),
    ...(Object.keys(aptKeys).length > 0 && { apt: aptKeys }),
    ...(yum && { yum_repos: yumRepositories(yum) }),
  };
}

function aptConfig(apt: NonNullable<GuestSettings["apt"]>): object {
  const sources = Object.entries(apt.sources ?? {}).map(([name, source]) => [
    // Their name is that of a file, which apt reads only with this ending.
    source.fileName ?? (name.endsWith(".list") ? name : `${name}.list`),
    withoutAbsent({ source: source.source, key: source.key, keyid: source.keyId, keyserver: source.keyServer }),
  ]);
  return withoutAbsent({
    preserve_sources_list: apt.preserveSourcesList ?? (writesSourcesList(apt) ? false : undefined),
    primary: mirror(apt.mirror),
    security: mirror(apt.securityMirror),
    sources_list: apt.sourcesList,
    sources: sources.length === 0 ? undefined : Object.fromEntries(sources),
    disable_suites: apt.disableSuites?.length ? apt.disableSuites : undefined,
    conf: apt.config,
  });
}

/** Debian's cloud-init is set to leave sources.list alone, whatever it is told about its content. */
function writesSourcesList({
  mirror: primary,
  securityMirror,
  sourcesList,
  disableSuites = [],
}: NonNullable<GuestSettings["apt"]>): boolean {
  return [primary, securityMirror, sourcesList].some((written) => written !== undefined) || disableSuites.length > 0;
}

function mirror(uri: string | undefined): object | undefined {
  return uri === undefined ? undefined : [{ arches: ["default"], uri }];
}

function aptProxy({ http, https }: NonNullable<GuestSettings["proxy"]>): object {
  return withoutAbsent({ http_proxy: http, https_proxy: https });
}

function yumRepositories({ repos }: NonNullable<GuestSettings["yum"]>): object {
  const entries = Object.entries(repos).map(([id, { baseUrl, name = id, gpgKey, gpgCheck, enabled }]) => [
    id,
    withoutAbsent({ baseurl: baseUrl, name, gpgkey: gpgKey, gpgcheck: gpgCheck, enabled: enabled ?? true }),
  ]);
  return Object.fromEntries(entries) as object;
}
