import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { LabRunner } from "../../../fixtures/lab-runner.ts";
import { packageRepository, withRepository } from "./package-repository.ts";

/** A password, and what may stand in a seed only. */
export interface Password {
  readonly plain: string;
  /** As `openssl passwd -6` makes it. */
  readonly hash: string;
}

export async function passwordOf(plain: string): Promise<Password> {
  const { stdout } = await execa("openssl", ["passwd", "-6", "-stdin"], { input: plain });
  return { plain, hash: stdout.trim() };
}

/** Content of the file `token`, a secret. */
export const token = "tok-5d1e07-of-the-lab";

/** Writes the files beside the lab: keys of alice (`alice`, and `later` for a change), the token, user-data and vendor-data. */
export async function writeRichFiles({ directory }: LabRunner): Promise<void> {
  for (const name of ["alice", "later"]) {
    await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", join(directory, name)]);
  }
  await writeFile(join(directory, "token"), token, { mode: 0o600 });
  const repository = await packageRepository(directory);
  const texts: Readonly<Record<string, string>> = {
    "repository.yaml": withRepository(repository, "/opt/repository"),
    "script.sh": "#!/bin/sh\necho script >>/var/lib/ran\n",
    "template.yaml":
      "## template: jinja\n#cloud-config\nwrite_files:\n  - { path: /opt/role, content: '{{ ds.meta_data.role }} of {{ v1.local_hostname }}' }\n",
    "hook.sh": "#cloud-boothook\n#!/bin/sh\necho hook >>/var/lib/booted\n",
    "vendor.yaml": "#cloud-config\ntimezone: Asia/Tokyo\nfinal_message: the vendor's last word\n",
    "vendor.sh": "#!/bin/sh\necho vendor >>/var/lib/ran\n",
  };
  for (const [name, text] of Object.entries(texts)) await writeFile(join(directory, name), text);
}

/** Keys of the rich sandbox that a test sets; those of `cloudInit` one by one. */
export interface RichChanges {
  readonly cloudInit?: Readonly<Record<string, unknown>>;
  readonly networks?: readonly unknown[];
}

/** One sandbox with what people declare most. It needs nothing from outside. */
export function richLab({ cloudInit = {}, networks = richNics }: RichChanges = {}): object {
  return {
    lab: "rich",
    provider: "terrarium",
    hosts: { local: { uri: "embedded" } },
    images: { "debian-12": { bootstrap: { suite: "bookworm" } } },
    networks: {
      front: { mode: "nat", cidr: "10.79.10.0/24", domain: "front.test" },
      back: { mode: "isolated", cidr: "10.79.11.0/24" },
      extra: { mode: "isolated", cidr: "10.79.13.0/24" },
      wire: { mode: "none", cidr: "10.79.12.0/24" },
    },
    sandboxes: {
      web: {
        image: "debian-12",
        cpus: 2,
        memory: "768MiB",
        disk: "4GiB",
        disks: [
          { name: "whole", size: "64MiB" },
          { name: "parts", size: "128MiB" },
        ],
        networks,
        cloudInit: { ...richCloudInit, ...cloudInit },
      },
    },
  };
}

/** DHCP with a reservation, DHCP without a way out, and an address that the seed gives. */
export const richNics = [{ name: "front", ip: "10.79.10.20" }, { name: "back" }, { name: "wire", ip: "10.79.12.5" }];

export const alice = {
  name: "alice",
  fullName: "Alice",
  groups: ["lab"],
  uid: 1500,
  shell: "/bin/sh",
  sshKeys: ["${file:./alice.pub}"],
  passwordHash: "${env:ALICE_HASH}",
  lockPassword: false,
};

const richCloudInit = {
  hostname: "www",
  fqdn: "www.example.test",
  timezone: "Europe/Berlin",
  users: [alice],
  packageUpdate: true,
  apt: { sourcesList: "deb [trusted=yes] file:/opt/repository ./\n" },
  packages: ["lab-tool"],
  writeFiles: [
    { path: "/opt/tool", content: "#!/bin/sh\necho tool\n", permissions: "0750", owner: "root:lab", defer: true },
    { path: "/etc/motd", content: "Grüße.\n" },
    { path: "/etc/token", content: "${file:./token}", permissions: "0600" },
    { path: "/etc/motd", content: "appended\n", append: true },
    { path: "/var/lib/cloud/scripts/per-once/once", content: "#!/bin/sh\necho once >>/var/lib/ran\n", permissions: "0755" },
  ],
  bootCmd: ["echo bootcmd >>/var/lib/booted"],
  runCmd: ["echo runcmd >>/var/lib/ran", ["sh", "-c", "echo $0 >>/var/lib/ran", "no: 'yes' $HOME"]],
  disks: [
    { disk: "whole", label: "whole", mount: "/srv/whole" },
    {
      disk: "parts",
      partitions: [
        { percent: 50, mount: "/srv/first", options: ["noatime"] },
        { percent: 50, label: "second" },
      ],
    },
  ],
  metaData: { role: "web" },
  userData: ["./repository.yaml", "./script.sh", { file: "./template.yaml" }, "./hook.sh"],
  vendorData: ["./vendor.yaml", "./vendor.sh"],
};
