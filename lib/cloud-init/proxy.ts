import type { GuestSettings } from "../../schemas/lab/cloud-init/guest-settings.ts";
import type { SeedFile } from "./seed-intent.ts";

/**
 * Files that tell login shells and services of a proxy: cloud-init has a key for package managers only. Services see it from the next start of the guest.
 */
export function proxyFiles({ proxy }: GuestSettings): SeedFile[] {
  if (!proxy) return [];
  const { http, https, noProxy = [] } = proxy;
  const values = [
    ["http_proxy", http],
    ["https_proxy", https],
    ["no_proxy", noProxy.length === 0 ? undefined : noProxy.join(",")],
  ] as const;
  // Programs look for one spelling or the other.
  const variables = values.flatMap(([name, value]) =>
    value === undefined
      ? []
      : [
          [name, value],
          [name.toUpperCase(), value],
        ],
  );
  if (variables.length === 0) return [];
  const shell = variables.map(([name = "", value = ""]) => `export ${name}='${value.replaceAll("'", String.raw`'\''`)}'\n`);
  const systemd = variables.map(([name = "", value = ""]) => `DefaultEnvironment="${name}=${systemdText(value)}"\n`);
  return [
    { path: "/etc/profile.d/terrarium-proxy.sh", content: shell.join(""), permissions: "0644" },
    { path: "/etc/systemd/system.conf.d/terrarium-proxy.conf", content: `[Manager]\n${systemd.join("")}`, permissions: "0644" },
  ];
}

/** Within double quotes, where `%` starts a specifier. */
function systemdText(value: string): string {
  return value
    .replaceAll("\\", "\\\\")
    .replaceAll('"', String.raw`\"`)
    .replaceAll("%", "%%");
}
