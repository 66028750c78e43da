import { expect, test } from "vitest";
import { readCloudConfig } from "../../lib/cloud-init/read-cloud-config.ts";
import type { SeedIntent } from "../../lib/cloud-init/seed-intent.ts";
import { userData } from "../../lib/cloud-init/user-data.ts";
import { bareIntent, fullIntent, loginKey } from "./intents.ts";
import { exampleDevices } from "./settings.ts";

function configOf(intent: Partial<SeedIntent>): Readonly<Record<string, unknown>> {
  const read = readCloudConfig(userData({ ...bareIntent, ...intent }));
  if ("problem" in read) throw new Error(read.problem);
  return read.value;
}

test("no settings change nothing, byte by byte", () => {
  expect(userData({ ...fullIntent, settings: {}, diskDevices: exampleDevices })).toBe(userData(fullIntent));
});

test("an entry for the login user changes it, and keeps the keys of all sides", () => {
  const users = [{ name: "admin", groups: ["docker"], shell: "/bin/zsh", sshKeys: ["more"] }, { name: "bob" }];
  expect(configOf({ user: "admin", authorizedKeys: [loginKey], settings: { users } })["users"]).toEqual([
    "default",
    {
      name: "admin",
      sudo: "ALL=(ALL) NOPASSWD:ALL",
      shell: "/bin/zsh",
      lock_passwd: true,
      groups: ["docker"],
      ssh_authorized_keys: [loginKey, "more"],
    },
    { name: "bob" },
  ]);
});

test("a disk is formatted only where nothing is on it, and mounted by its device", () => {
  const config = configOf({
    settings: {
      disks: [
        { disk: "data", mount: "/data" },
        { disk: "log", partitions: [{ percent: 30, mount: "/log", options: ["noatime", "nofail"] }, { percent: 70 }] },
      ],
    },
    diskDevices: exampleDevices,
  });
  expect(config).toEqual({
    disk_setup: { "/dev/vdc": { table_type: "mbr", layout: [30, 70], overwrite: false } },
    fs_setup: [
      { device: "/dev/vdb", filesystem: "ext4", partition: "any", overwrite: false },
      { device: "/dev/vdc1", filesystem: "ext4", partition: "any", overwrite: false },
      { device: "/dev/vdc2", filesystem: "ext4", partition: "any", overwrite: false },
    ],
    mounts: [
      ["/dev/vdb", "/data", "ext4"],
      ["/dev/vdc1", "/log", "ext4", "noatime,nofail"],
    ],
  });
});

test("what is written about sources.list holds on images whose cloud-init is set to leave that file alone", () => {
  const aptOf = (apt: NonNullable<SeedIntent["settings"]>["apt"]) => configOf({ settings: { apt } })["apt"];
  expect(aptOf({ sourcesList: "deb file:/opt ./\n" })).toEqual({ preserve_sources_list: false, sources_list: "deb file:/opt ./\n" });
  expect(aptOf({ mirror: "http://m.test" })).toMatchObject({ preserve_sources_list: false });
  expect(aptOf({ securityMirror: "http://m.test" })).toMatchObject({ preserve_sources_list: false });
  expect(aptOf({ disableSuites: ["updates"] })).toMatchObject({ preserve_sources_list: false });
  expect(aptOf({ mirror: "http://m.test", preserveSourcesList: true })).toMatchObject({ preserve_sources_list: true });
  expect(aptOf({ sources: { a: { source: "deb http://a.test ./" } }, disableSuites: [] })).toEqual({
    sources: { "a.list": { source: "deb http://a.test ./" } },
  });
});

test("a proxy is told to apt, to shells and to services, whatever characters it has", () => {
  const config = configOf({ settings: { proxy: { http: "http://u:p%40's@proxy.test", noProxy: ["a", "b"] } } });
  expect(config["apt"]).toEqual({ http_proxy: "http://u:p%40's@proxy.test" });
  const [shell, systemd] = config["write_files"] as { content: string }[];
  expect(shell?.content).toContain(String.raw`export http_proxy='http://u:p%40'\''s@proxy.test'`);
  expect(shell?.content).toContain("export NO_PROXY='a,b'");
  expect(systemd?.content).toContain(`DefaultEnvironment="HTTP_PROXY=http://u:p%%40's@proxy.test"`);
});

test("the end of cloud-init waits whole minutes", () => {
  const delayOf = (delay?: string) =>
    configOf({ settings: { powerState: { mode: "reboot", ...(delay !== undefined && { delay }) } } })["power_state"];
  expect([undefined, "0s", "1s", "90s"].map(delayOf)).toMatchObject([{ delay: "now" }, { delay: "now" }, { delay: 1 }, { delay: 2 }]);
});
