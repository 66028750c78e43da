import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Verdicts } from "../../../../lib/review/verdicts.ts";
import { debianImage } from "../../../fixtures/debian-image.ts";
import { makeLabRunner, nothingLeft, whyNoLabs, type LabRunner, type RunOptions } from "../../../fixtures/lab-runner.ts";
import { applyLab, ask, identityOf, modulesOfLastBoot, type Identity, type ModulesOfBoot } from "./guest.ts";
import { alice, passwordOf, richLab, richNics, token, writeRichFiles, type Password, type RichChanges } from "./rich-lab.ts";
import { filesWith } from "./secret-files.ts";

/** One Debian guest with what people declare most, then what changes do to it: each test goes on from what the former one left. */
const why = await whyNoLabs("terrarium");
const full = (process.env["TERRARIUM_TEST_FULL"] ?? "") !== "";
const skipFull = why !== undefined || !full;

let labs: LabRunner;
let password: Password;
let said = "";

/** Which modules the first boot ran. */
let first: ModulesOfBoot;
let before: Identity;
let declared: RichChanges = {};

const env = (): RunOptions => ({ env: { ALICE_HASH: password.hash } });

/** Adds changes to the lab's file. */
async function change({ cloudInit, ...rest }: RichChanges): Promise<void> {
  declared = { ...declared, ...rest, cloudInit: { ...declared.cloudInit, ...cloudInit } };
  await labs.write(richLab(declared));
}

/** What the plan calls it. */
async function verdict(): Promise<{ word?: string; losses?: unknown }> {
  const { stdout, stderr } = await labs.run(["plan", "--json"], env());
  said += stdout + stderr;
  const { verdicts } = JSON.parse(stdout) as { verdicts?: Verdicts };
  return verdicts?.sandboxes.find(({ name }) => name === "web") ?? { word: stderr };
}

async function emptyPlan(): Promise<void> {
  expect(await labs.run(["plan", "--detailed-exitcode"], env())).toMatchObject({ exitCode: 0, stdout: "No changes.\n" });
}

/** True if the password opens alice's account. */
const opens = ({ plain }: Password): string => `echo '${plain}' | su alice -c 'id -un' 2>/dev/null || echo refused`;

/** `id -un` as alice over the network, with one of her keys. */
async function loginWith(key: string): Promise<string> {
  const { stdout } = await labs.run(["ssh-config"]);
  const file = join(labs.directory, "lab.ssh");
  await writeFile(file, stdout);
  const options = ["-F", file, "-l", "alice", "-i", join(labs.directory, key), "-o", "ControlPath=none", "-o", "BatchMode=yes"];
  const login = await execa("ssh", [...options, "web", "id -un"], { reject: false });
  return login.exitCode === 0 ? login.stdout : login.stderr;
}

beforeAll(async () => {
  if (why !== undefined) return;
  await debianImage();
  labs = await makeLabRunner();
  await writeRichFiles(labs);
  password = await passwordOf("correct-horse-9471");
  await change({});
  said += await applyLab(labs, [], env());
  before = await identityOf(labs, "web");
});

afterAll(async () => {
  await labs?.dispose();
});

test.skipIf(why)("users, keys, passwords, names, time zone, files, packages and commands are as declared", async () => {
  const answers = await ask(labs, "web", {
    status: "cloud-init status --format json",
    complaints: "sudo grep -E 'WARN|ERROR' /var/log/cloud-init.log || true",
    login: "id -un; sudo -n id -un",
    names: "hostname; hostname -f; getent hosts www | awk '{print $1}'",
    alice: "getent passwd alice; id -Gn alice",
    password: opens(password),
    zone: "readlink /etc/localtime; date -d 2026-11-24T12:00Z +%H",
    files: "sudo stat -c '%n %a %U:%G' /opt/tool /etc/motd /etc/token; cat /etc/motd; sudo /opt/tool; sudo cat /etc/token",
    package: "lab-tool; dpkg-query -W -f '${Status}' lab-tool",
    sources: "cat /etc/apt/sources.list",
    template: "cat /opt/role",
    ran: "sort /var/lib/ran",
    booted: "sort /var/lib/booted",
    vendor: "sudo tail -n 1 /var/log/cloud-init-output.log",
  });
  expect(answers).toMatchObject({
    status: expect.stringMatching(/"status": "done"/) as string,
    complaints: "",
    login: "admin\nroot",
    names: "www\nwww.example.test\n127.0.1.1",
    alice: "alice:x:1500:1500:Alice:/home/alice:/bin/sh\nalice lab",
    password: "alice",
    zone: expect.stringMatching(/Europe\/Berlin\n13$/) as string,
    files: `/opt/tool 750 root:lab\n/etc/motd 644 root:root\n/etc/token 600 root:root\nGrüße.\nappended\ntool\n${token}`,
    package: "packaged\ninstall ok installed",
    sources: "deb [trusted=yes] file:/opt/repository ./",
    // A template of the user's, with meta-data of the user's.
    template: "web of www",
    // Both forms of runCmd, a script of user-data and one of vendor-data, and one that is there once and for all.
    ran: "no: 'yes' $HOME\nonce\nruncmd\nscript\nvendor",
    booted: "bootcmd\nhook",
    // The vendor's time zone lost against the lab's; what only the vendor says holds.
    vendor: "the vendor's last word",
  });
  expect(await loginWith("alice")).toBe("alice");
});

test.skipIf(why)("every NIC has its name and address, by DHCP or from the seed, and only one way leads out", async () => {
  const answers = await ask(labs, "web", {
    addresses: "ip -br -4 addr show | awk '$1 != \"lo\" {print $1, $2, $3}'",
    out: "ip route show default | awk '{print $3, $5, $7}'",
    origin: 'ip -4 -o addr show | awk \'$2 != "lo" {print $2, ($0 ~ /dynamic/ ? "dhcp" : "static")}\'',
    back: "ping -c 1 -W 5 10.79.11.1 >/dev/null && echo answers",
  });
  const [front, back, wire] = answers.addresses.split("\n");
  expect([front, wire]).toEqual(["front UP 10.79.10.20/24", "wire UP 10.79.12.5/24"]);
  expect(back).toMatch(/^back UP 10\.79\.11\.\d+\/24$/);
  expect(answers).toMatchObject({ out: "10.79.10.1 front dhcp", origin: "front dhcp\nback dhcp\nwire static", back: "answers" });
});

test.skipIf(why)("further disks are formatted, whole or in partitions, and mounted", async () => {
  const answers = await ask(labs, "web", {
    mounts: "findmnt -rno SOURCE,TARGET,FSTYPE,OPTIONS -t ext4 | grep /srv/ | sort",
    labels: "lsblk -rno NAME,FSTYPE,LABEL /dev/vdb /dev/vdc",
    mark: "echo kept | sudo tee /srv/whole/mark /srv/first/mark /root-mark; sync",
  });
  expect(answers).toMatchObject({
    mounts: "/dev/vdb /srv/whole ext4 rw,relatime\n/dev/vdc1 /srv/first ext4 rw,noatime",
    labels: expect.stringMatching(/^vdb ext4 whole\nvdc *\nvdc1 ext4 *\nvdc2 ext4 second$/) as string,
  });
});

/** Which secrets were said, and what files of the deployment hold one. */
async function whereSecretsAre(): Promise<{ said: string[]; modes: string[]; others: string[] }> {
  const secrets = [password.hash, token];
  const found = await filesWith(join(labs.directory, ".terrarium"), secrets);
  return {
    said: secrets.filter((secret) => said.includes(secret)),
    modes: [...new Set(found.map(({ mode }) => mode))],
    others: found.map(({ path }) => path).filter((path) => !/\/seeds\/[^/]+\.iso$/.test(path)),
  };
}

/** In seeds only, which nobody else reads. */
const inSeedsOnly = { said: [], modes: ["600"], others: [] };

test.skipIf(why)("secrets are in the seed, which only root reads, and in no other file of the deployment or output", async () => {
  const { stdout, stderr } = await labs.run(["synth", "--seed", "web"], env());
  said += stdout + stderr;
  expect(await whereSecretsAre()).toEqual(inSeedsOnly);
});

test.skipIf(skipFull)("a secret that changed is a change of cloud-init by itself", async () => {
  first = await modulesOfLastBoot(labs, "web");
  password = await passwordOf("another-horse-1749");
  expect(await verdict()).toMatchObject({ word: "reseed", losses: [] });
});

test.skipIf(skipFull)("changed cloud-init runs again: every per-instance module once more, on the same disk", async () => {
  const old = await passwordOf("correct-horse-9471");
  await change({
    cloudInit: {
      users: [
        { ...alice, groups: ["lab", "more"], shell: "/bin/bash", sshKeys: ["${file:./later.pub}"], sudo: "ALL=(ALL) NOPASSWD:ALL" },
        { name: "bob" },
      ],
      writeFiles: [{ path: "/etc/motd", content: "Changed.\n" }],
      runCmd: ["echo again >>/var/lib/ran"],
      timezone: "Asia/Kolkata",
    },
  });
  expect(await verdict()).toMatchObject({ word: "reseed", losses: [] });
  said += await applyLab(labs, [], env());
  const after = await identityOf(labs, "web");
  expect(after).toMatchObject({ machine: before.machine, hostKeys: before.hostKeys });
  expect([after.boot === before.boot, after.instance === before.instance]).toEqual([false, false]);
  expect(after.instances.split("\n").sort()).toEqual([before.instance, after.instance].sort());

  const modules = await modulesOfLastBoot(labs, "web");
  expect(modules).toEqual({ ...first, skipped: ["scripts-per-once"] });

  expect(
    await ask(labs, "web", {
      ran: "sort /var/lib/ran",
      booted: "sort /var/lib/booted",
      kept: "cat /root-mark /srv/whole/mark /srv/first/mark",
      motd: "cat /etc/motd",
      left: "sudo cat /opt/tool",
      zone: "date -d 2026-11-24T12:00Z +%H:%M",
      bob: "id -un bob",
      groups: "id -Gn alice",
      shell: "getent passwd alice | cut -d: -f7",
      sudo: "sudo su alice -c 'sudo -n id -un'",
      keys: "sudo cut -d' ' -f3 /home/alice/.ssh/authorized_keys | sort",
      oldPassword: opens(old),
      password: opens(password),
    }),
  ).toEqual({
    // All scripts that are declared ran once more, the per-once one did not.
    ran: "again\nno: 'yes' $HOME\nonce\nruncmd\nscript\nscript\nvendor\nvendor",
    booted: "bootcmd\nbootcmd\nhook\nhook",
    kept: "kept\nkept\nkept",
    motd: "Changed.",
    // What is declared no longer is not removed.
    left: "#!/bin/sh\necho tool",
    zone: "17:30",
    bob: "bob",
    // Of a user that is there cloud-init changes password, keys and sudo; not groups and shell.
    groups: "alice lab",
    shell: "/bin/sh",
    sudo: "root",
    keys: "alice\nlater",
    oldPassword: "refused",
    password: "alice",
  });
  expect(await loginWith("later")).toBe("alice");
  await emptyPlan();
});

test.skipIf(skipFull)(
  "another host name, another address, and a NIC more take effect after a reboot, and nothing is run again",
  async () => {
    before = await identityOf(labs, "web");
    const [, back, wire] = richNics;
    await change({
      networks: [{ name: "front", ip: "10.79.10.21" }, back, wire, { name: "extra", mac: "52:54:00:0e:47:01" }],
      cloudInit: { hostname: "shop", fqdn: "shop.example.test" },
    });
    expect(await verdict()).toMatchObject({ word: "reboot", losses: [] });
    said += await applyLab(labs, [], env());
    const { boot, ...after } = await identityOf(labs, "web");
    const { boot: bootBefore, ...same } = before;
    expect(boot).not.toBe(bootBefore);
    // The same instance, and each semaphore as old as it was.
    expect(after).toEqual(same);
    expect(await modulesOfLastBoot(labs, "web")).toEqual({
      perInstance: [],
      always: first.always,
      skipped: [...first.perInstance, "scripts-per-once"].sort(),
    });
    const answers = await ask(labs, "web", {
      names: "hostname; hostname -f",
      hosts: "awk '$1 == \"127.0.1.1\" {print $2, $3}' /etc/hosts",
      addresses: "ip -br -4 addr show | awk '$1 != \"lo\" {print $1, $2, $3}'",
      mac: "cat /sys/class/net/extra/address",
      ran: "sort /var/lib/ran",
      status: "cloud-init status | head -n 1",
    });
    expect(answers).toMatchObject({
      names: "shop\nshop.example.test",
      // The former name stays a name of the guest for itself.
      hosts: "www.example.test www\nshop.example.test shop",
      mac: "52:54:00:0e:47:01",
      ran: "again\nno: 'yes' $HOME\nonce\nruncmd\nscript\nscript\nvendor\nvendor",
      status: "status: done",
    });
    expect(answers.addresses).toMatch(
      /^front UP 10\.79\.10\.21\/24\nback UP 10\.79\.11\.\d+\/24\nwire UP 10\.79\.12\.5\/24\nextra UP 10\.79\.13\.\d+\/24$/,
    );
    await emptyPlan();
  },
);

test.skipIf(skipFull)("with `onChange: ignore` changed cloud-init does nothing at all", async () => {
  before = await identityOf(labs, "web");
  await change({ cloudInit: { onChange: "ignore", runCmd: ["echo ignored >>/var/lib/ran"] } });
  expect(await verdict()).toMatchObject({ word: "none" });
  said += await applyLab(labs, [], env());
  expect(await identityOf(labs, "web")).toEqual(before);
});

test.skipIf(skipFull)("with `onChange: rebuild` the root disk is made anew, and further disks keep what is on them", async () => {
  await change({ cloudInit: { onChange: "rebuild", runCmd: ["echo rebuilt >>/var/lib/ran"] } });
  expect(await verdict()).toMatchObject({ word: "rebuild", losses: [{ disk: "root" }] });
  said += await applyLab(labs, ["--allow-loss", "web"], env());
  const after = await identityOf(labs, "web");
  // Host keys come from the deployment's key: who knew the sandbox still does.
  expect(after.hostKeys).toBe(before.hostKeys);
  expect(after.instances).toBe(after.instance);
  expect([after.boot === before.boot, after.instance === before.instance, after.machine === before.machine]).toEqual([false, false, false]);
  expect(await modulesOfLastBoot(labs, "web")).toEqual(first);
  expect(
    await ask(labs, "web", {
      ran: "sort /var/lib/ran",
      root: "ls /root-mark 2>/dev/null || echo gone",
      kept: "cat /srv/whole/mark /srv/first/mark",
      groups: "id -Gn alice",
      hostname: "hostname -f",
    }),
  ).toEqual({
    ran: "rebuilt\nscript\nvendor",
    root: "gone",
    kept: "kept\nkept",
    groups: "alice lab more",
    hostname: "shop.example.test",
  });
  await emptyPlan();
});

test.skipIf(skipFull)("after all that secrets are where they were", async () => {
  expect(await whereSecretsAre()).toEqual(inSeedsOnly);
});

test.skipIf(why)("destroy leaves nothing", async () => {
  expect(await labs.run(["destroy", "--yes"])).toMatchObject({ exitCode: 0 });
  expect(await labs.count()).toEqual(nothingLeft);
});
