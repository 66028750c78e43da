import { expect, test } from "vitest";
import { instanceIdOf, isSameInstance, seedIdentity, seedSecrets } from "../../lib/lab/seed-identity.ts";
import type { WrittenCloudInit, WrittenSandbox } from "../../lib/lab/written-lab.ts";
import { labOf, normalized, said } from "./lab-fixtures.ts";

const front = { networks: { front: { cidr: "10.20.0.0/24" } } };

/** The names of the seed of a sandbox `web` that says this. */
function identityOf(written: WrittenSandbox) {
  const { lab } = normalized({ ...labOf({ web: { networks: ["front"], ...written } }, front), lab: "golden" });
  const sandbox = lab.sandboxes["web"];
  if (!sandbox) throw new Error("no sandbox");
  return seedIdentity(lab, sandbox);
}

test("a lab without newer keys has the names that every release before gave: its guests run nothing again", () => {
  const { lab } = normalized({
    ...labOf(
      {
        bare: {},
        web: {
          networks: ["front"],
          sshKeys: ["${file:~/.ssh/id.pub}"],
          cloudInit: {
            packages: ["nginx"],
            runCmd: ["true", ["echo", "hi"]],
            writeFiles: [{ path: "/etc/x", content: "${env:X}" }],
            userData: "#cloud-config\n{}\n",
          },
        },
        net: { networks: ["front"], cloudInit: { networkConfig: { version: 2 } } },
      },
      front,
    ),
    lab: "golden",
  });
  const names = Object.values(lab.sandboxes).map((sandbox) => [sandbox.name, seedIdentity(lab, sandbox)]);
  expect(Object.fromEntries(names)).toEqual({
    bare: { contentId: "ea9932df0836", cloudInitId: "5cda9f48ed82" },
    net: { contentId: "ed0adeda2f75", cloudInitId: "5cda9f48ed82" },
    web: { contentId: "9012e5f82f38", cloudInitId: "0675fef2d592" },
  });
});

test("another host name swaps the seed and runs nothing again", () => {
  const before = identityOf({});
  for (const cloudInit of [{ hostname: "www" }, { fqdn: "www.example.test" }] satisfies WrittenCloudInit[]) {
    const after = identityOf({ cloudInit });
    expect(after.cloudInitId).toBe(before.cloudInitId);
    expect(after.contentId).not.toBe(before.contentId);
  }
});

test("another network runs cloud-init again only where it is read once per instance: from a ConfigDrive", () => {
  const [one, two] = [[{ name: "front", ip: "10.20.0.5" }], [{ name: "front", ip: "10.20.0.6" }]];
  expect(isSameInstance(identityOf({ networks: one }), identityOf({ networks: two }))).toBe(true);
  const drive = identityOf({ networks: one, seed: "configdrive" });
  expect(isSameInstance(drive, identityOf({ networks: two, seed: "configdrive" }))).toBe(false);
  expect(isSameInstance(drive, identityOf({ networks: one, seed: "configdrive", cloudInit: { hostname: "www" } }))).toBe(true);
  expect(instanceIdOf({ name: "golden" }, { name: "web" }, drive, "f")).toBe(`golden-web-${drive.cloudInitId}-${drive.networkId}-f`);
});

test("another setting runs cloud-init again", () => {
  const names = [
    {},
    { timezone: "Europe/Berlin" },
    { timezone: "Europe/Paris" },
    { users: [{ name: "alice" }] },
    { bootCmd: ["true"] },
  ].map((cloudInit) => identityOf({ cloudInit }).cloudInitId);
  expect(new Set(names).size).toBe(names.length);
});

test("a disk that moves to another place runs cloud-init again: its device is another", () => {
  const cloudInit: WrittenCloudInit = { disks: [{ disk: "data", mount: "/data" }] };
  const [data, log] = [
    { name: "data", size: "1GiB" },
    { name: "log", size: "1GiB" },
  ];
  const first = identityOf({ disks: [data, log], cloudInit });
  expect(identityOf({ disks: [data], cloudInit }).cloudInitId).toBe(first.cloudInitId);
  expect(identityOf({ disks: [log, data], cloudInit }).cloudInitId).not.toBe(first.cloudInitId);
});

test("secrets are found in every text of the settings", () => {
  const { lab } = normalized(
    labOf({
      web: {
        cloudInit: {
          users: [{ name: "alice", passwordHash: "${env:HASH}", sshKeys: ["${file:~/key.pub}"] }],
          apt: { sources: { tools: { source: "deb https://u:${env:TOKEN}@x.test x main" } } },
          proxy: { http: "http://${env:PROXY}" },
          bootCmd: [["echo", "${env:BOOT}"]],
        },
      },
    }),
  );
  const secrets = Object.values(lab.sandboxes).flatMap(seedSecrets);
  const names = secrets.map((secret) => Object.values(secret)[0]);
  expect(new Set(names)).toEqual(new Set(["BOOT", "HASH", "PROXY", "TOKEN", "~/key.pub"]));
});

test("own vendor-data, further meta-data and user-data in parts run cloud-init again when they change", () => {
  const names = [
    {},
    { vendorData: "#cloud-config\n{}\n" },
    { vendorData: "#cloud-config\n{a: 1}\n" },
    { metaData: { role: "web" } },
    { metaData: { role: "db" } },
    { userData: ["#cloud-config\n{}\n"] },
    { userData: ["#cloud-config\n{}\n", "#!/bin/sh\n"] },
  ].map((cloudInit) => identityOf({ cloudInit }).cloudInitId);
  expect(new Set(names).size).toBe(names.length);
});

test("secrets are found in vendor-data and in every part of user-data", () => {
  const cloudInit: WrittenCloudInit = { vendorData: "#!/bin/sh\n${env:V}", userData: ["#!/bin/sh\n${env:A}", "#!/bin/sh\n${env:B}"] };
  const { lab } = normalized(labOf({ web: { cloudInit } }));
  const secrets = Object.values(lab.sandboxes).flatMap(seedSecrets);
  expect(secrets).toEqual([{ env: "A" }, { env: "B" }, { env: "V" }]);
});

test("a ConfigDrive is another seed that runs nothing again, and has no place for a network configuration", () => {
  const [before, after] = [identityOf({}), identityOf({ seed: "configdrive" })];
  expect(after.cloudInitId).toBe(before.cloudInitId);
  expect(after.contentId).not.toBe(before.contentId);
  expect(said(labOf({ web: { seed: "configdrive", cloudInit: { networkConfig: { version: 2 } } } }))).toEqual([
    "NETWORK_CONFIG_NEEDS_NOCLOUD sandboxes.web.cloudInit.networkConfig",
  ]);
});

test("`onChange` runs nothing again, and `rerun` is what nobody needs to say", () => {
  const packages = ["nginx"];
  const plain = identityOf({ cloudInit: { packages } });
  expect(identityOf({ cloudInit: { packages, onChange: "rerun" } })).toEqual(plain);
  expect(identityOf({ cloudInit: { packages, onChange: "rebuild" } })).toEqual(plain);
  expect(identityOf({ cloudInit: { packages, onChange: "ignore" } }).cloudInitId).toBe(plain.cloudInitId);
});
