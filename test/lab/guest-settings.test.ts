import { expect, test } from "vitest";
import type { WrittenCloudInit, WrittenLab } from "../../lib/lab/written-lab.ts";
import { labOf, normalized, said } from "./lab-fixtures.ts";

function settingsOf(cloudInit: WrittenCloudInit, rest: Partial<WrittenLab> = {}) {
  return normalized(labOf({ web: { cloudInit, disks: [{ name: "data", size: "1GiB" }] } }, rest)).lab.sandboxes["web"]?.cloudInit;
}

test("a sandbox that says nothing has no settings at all", () => {
  expect(settingsOf({})).not.toHaveProperty("settings");
  expect(settingsOf({ users: [], mounts: [] })).not.toHaveProperty("settings");
});

test("layers add up: lists are joined, and a user's later entry completes the earlier", () => {
  const defaults = {
    image: "base",
    cloudInit: { bootCmd: ["first"], users: [{ name: "alice", groups: ["adm"], shell: "/bin/sh" }], timezone: "UTC" },
  };
  const settings = settingsOf(
    { bootCmd: ["second"], users: [{ name: "alice", groups: ["docker"], shell: "/bin/zsh" }], timezone: "Europe/Berlin" },
    { defaults },
  )?.settings;
  expect(settings).toEqual({
    bootCmd: ["first", "second"],
    users: [{ name: "alice", groups: ["adm", "docker"], shell: "/bin/zsh" }],
    timezone: "Europe/Berlin",
  });
});

test("`${each:…}` gives numbers and truth values, and what it gives is checked", () => {
  const lab = (uid: number | string) =>
    labOf({
      web: {
        forEach: { a: { uid, lock: false } },
        cloudInit: { users: [{ name: "alice", uid: "${each:uid}", lockPassword: "${each:lock}" }] },
      },
    });
  expect(normalized(lab(2000)).lab.sandboxes["web-a"]?.cloudInit.settings?.users).toEqual([
    { name: "alice", uid: 2000, lockPassword: false },
  ]);
  expect(said(lab("x"))).toEqual(["INVALID_VALUE sandboxes.web.cloudInit.users.0.uid"]);
});

test("an escaped reference is the guest's own text", () => {
  expect(settingsOf({ bootCmd: ["echo $${env:HOME} ${HOME}"] })?.settings?.bootCmd).toEqual(["echo ${env:HOME} ${HOME}"]);
});

test.each<[string, WrittenCloudInit, string]>([
  ["a disk that is not there", { disks: [{ disk: "other" }] }, "UNKNOWN_DISK sandboxes.web.cloudInit.disks.0"],
  ["a disk that is named twice", { disks: [{ disk: "data" }, { disk: "data" }] }, "DISK_LAYOUT sandboxes.web.cloudInit.disks.1"],
  [
    "a disk used in two ways",
    { disks: [{ disk: "data", mount: "/x", partitions: [{ percent: 100 }] }] },
    "DISK_LAYOUT sandboxes.web.cloudInit.disks.0",
  ],
  [
    "more than a whole disk",
    { disks: [{ disk: "data", partitions: [{ percent: 60 }, { percent: 60 }] }] },
    "DISK_LAYOUT sandboxes.web.cloudInit.disks.0",
  ],
  ["a host name with a dot", { hostname: "a.b" }, "INVALID_NAME sandboxes.web.cloudInit.hostname"],
  ["a full name that is none", { fqdn: "a..b" }, "INVALID_NAME sandboxes.web.cloudInit.fqdn"],
])("%s is refused at its place", (_what, cloudInit, expected) => {
  expect(said(labOf({ web: { cloudInit, disks: [{ name: "data", size: "1GiB" }] } }))).toEqual([expected]);
});
