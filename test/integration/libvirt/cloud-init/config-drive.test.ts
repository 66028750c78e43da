import { afterAll, beforeAll, expect, test } from "vitest";
import { debianImage } from "../../../fixtures/debian-image.ts";
import { makeLabRunner, nothingLeft, whyNoLabs, type LabRunner } from "../../../fixtures/lab-runner.ts";
import { applyLab, ask, identityOf, type Identity } from "./guest.ts";

/** A guest that reads a ConfigDrive, made by the libvirt provider. */
const full = (process.env["TERRARIUM_TEST_FULL"] ?? "") !== "";
const skip = !full || (await whyNoLabs()) !== undefined;

let labs: LabRunner;
let before: Identity;

const nics = [
  { name: "front", ip: "10.79.15.20" },
  { name: "wire", ip: "10.79.16.5" },
];

async function apply({ networks, cloudInit = {} }: { networks: readonly object[]; cloudInit?: object }): Promise<void> {
  await labs.write({
    lab: "drive",
    provider: "libvirt",
    hosts: { local: { uri: "embedded" } },
    images: { "debian-12": { bootstrap: { suite: "bookworm" } } },
    networks: { front: { mode: "nat", cidr: "10.79.15.0/24" }, wire: { mode: "none", cidr: "10.79.16.0/24" } },
    sandboxes: {
      web: {
        image: "debian-12",
        cpus: 2,
        memory: "512MiB",
        disk: "3GiB",
        seed: "configdrive",
        networks,
        cloudInit: {
          writeFiles: [{ path: "/opt/tool", content: "#!/bin/sh\necho tool\n", permissions: "0750", owner: "root:lab", defer: true }],
          users: [{ name: "alice", groups: ["lab"] }],
          runCmd: ["echo runcmd >>/var/lib/ran"],
          metaData: { zone: "Europe/Berlin" },
          userData: ["#!/bin/sh\necho script >>/var/lib/ran\n", "## template: jinja\n#cloud-config\ntimezone: {{ ds.meta_data.zone }}\n"],
          vendorData: "#cloud-config\nfinal_message: the vendor's last word\n",
          ...cloudInit,
        },
      },
    },
  });
  await applyLab(labs);
  expect(await labs.run(["plan", "--detailed-exitcode"])).toMatchObject({ exitCode: 0, stdout: "No changes.\n" });
}

const facts = {
  names: "hostname; hostname -f",
  addresses: "ip -br -4 addr show | awk '$1 != \"lo\" {print $1, $2, $3}'",
  out: "ip route show default | awk '{print $3, $5}'",
  ran: "sort /var/lib/ran",
  status: "cloud-init status | head -n 1",
};

const complaints = "sudo grep -E 'WARN|ERROR|Traceback' /var/log/cloud-init.log || true";

beforeAll(async () => {
  if (skip) return;
  await debianImage();
  labs = await makeLabRunner();
  await apply({ networks: nics });
});

afterAll(async () => {
  await labs?.dispose();
});

test.skipIf(skip)(
  "the guest took everything from the ConfigDrive: names, login, files, commands, parts, vendor-data, addresses",
  async () => {
    before = await identityOf(labs, "web");
    const answers = await ask(labs, "web", {
      ...facts,
      source: "cloud-init status --long | tail -n 1",
      complaints,
      login: "id -un; sudo -n id -un",
      files: "sudo stat -c '%a %U:%G' /opt/tool; sudo /opt/tool",
      zone: "date -d 2026-11-24T12:00Z +%H",
      vendor: "sudo tail -n 1 /var/log/cloud-init-output.log",
    });
    expect(answers).toEqual({
      source: expect.stringMatching(/^DataSourceConfigDrive .*\/dev\/sr0/) as string,
      complaints: "",
      login: "admin\nroot",
      files: "750 root:lab\ntool",
      zone: "13",
      vendor: "the vendor's last word",
      names: "web\nweb.front.drive.test",
      addresses: "front UP 10.79.15.20/24\nwire UP 10.79.16.5/24",
      out: "10.79.15.1 front",
      ran: "runcmd\nscript",
      status: "status: done",
    });
  },
);

test.skipIf(skip)("another host name takes effect after a reboot, and nothing is run again", async () => {
  await apply({ networks: nics, cloudInit: { hostname: "shop" } });
  const { boot, ...after } = await identityOf(labs, "web");
  const { boot: bootBefore, ...same } = before;
  expect(boot).not.toBe(bootBefore);
  expect(after).toEqual(same);
  expect(await ask(labs, "web", { ...facts, complaints })).toEqual({
    complaints: "",
    names: "shop\nshop.front.drive.test",
    addresses: "front UP 10.79.15.20/24\nwire UP 10.79.16.5/24",
    out: "10.79.15.1 front",
    ran: "runcmd\nscript",
    status: "status: done",
  });
});

test.skipIf(skip)(
  "other addresses make it another instance, on the same disk: a ConfigDrive's network is read once per instance",
  async () => {
    const others = [
      { name: "front", ip: "10.79.15.21" },
      { name: "wire", ip: "10.79.16.6" },
    ];
    await apply({ networks: others, cloudInit: { hostname: "shop" } });
    const after = await identityOf(labs, "web");
    expect(after).toMatchObject({ machine: before.machine, hostKeys: before.hostKeys });
    expect(after.instance).not.toBe(before.instance);
    expect(await ask(labs, "web", facts)).toEqual({
      names: "shop\nshop.front.drive.test",
      addresses: "front UP 10.79.15.21/24\nwire UP 10.79.16.6/24",
      out: "10.79.15.1 front",
      ran: "runcmd\nruncmd\nscript\nscript",
      status: "status: done",
    });
  },
);

test.skipIf(skip)("destroy leaves nothing", async () => {
  expect(await labs.run(["destroy", "--yes"])).toMatchObject({ exitCode: 0 });
  expect(await labs.count()).toEqual(nothingLeft);
});
