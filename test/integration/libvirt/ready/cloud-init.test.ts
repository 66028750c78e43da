import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { proxyCommand } from "../../../../lib/host/proxy-command.ts";
import { kvmHypervisor } from "../../../../lib/hypervisor/kvm/kvm-hypervisor.ts";
import type { ReadyProgress, ReadyTarget } from "../../../../lib/ready/target.ts";
import { waitUntilReady } from "../../../../lib/ready/wait-until-ready.ts";
import { isoImage } from "../../../../lib/seed/iso-image.ts";
import { ed25519KeyPair } from "../../../../lib/ssh/key-pair.ts";
import { knownHostsFile, hostKeyAlias } from "../../../../lib/ssh/known-hosts.ts";
import { sshConfig } from "../../../../lib/ssh/ssh-config.ts";
import { runOverSsh } from "../../../../lib/ssh/run-over-ssh.ts";
import { debianImage } from "../../../fixtures/debian-image.ts";
import { makeHost, type RemovableHost } from "../../../fixtures/embedded-host.ts";
import { defineGuest, startNetwork, virsh } from "../../../fixtures/tiny-guest.ts";
import { nic, sandbox } from "../../../ready/waited-lab.ts";

const run = promisify(execFile);

let host: RemovableHost;
const targets: Record<string, ReadyTarget> = {};

beforeAll(async () => {
  host = await makeHost();
  await startNetwork(host);
  await makeDebian("good", 1, [["sh", "-c", "echo all is well"]]);
  await makeDebian("bad", 2, [["sh", "-c", "echo the-secret; exit 3"]]);
});

afterAll(async () => {
  await host?.remove();
});

const text = (content: unknown, header = ""): Buffer => Buffer.from(header + JSON.stringify(content));

/** The tiny guest's definition with a real Debian in it, and a seed with host keys, as a lab has them. */
async function makeDebian(name: string, number: number, runcmd: readonly (readonly string[])[]): Promise<void> {
  const guest = await defineGuest(host, { name, number, agent: true });
  const directory = join(host.disks, name);
  const address = `10.77.0.${20 + number}`;
  await virsh(host, "net-update", "net", "add", "ip-dhcp-host", `<host mac='${guest.mac}' ip='${address}'/>`, "--live", "--config");
  const image = await debianImage();
  await run("qemu-img", ["create", "-q", "-f", "qcow2", "-b", image.path, "-F", "qcow2", join(directory, "disk.qcow2")]);
  const hostKey = ed25519KeyPair(new Uint8Array(32).fill(number), name);
  const authorized = (await readFile(`${guest.key}.pub`, "utf8")).trim();
  const user = { name: "admin", sudo: "ALL=(ALL) NOPASSWD:ALL", shell: "/bin/bash", ssh_authorized_keys: [authorized] };
  const userData = {
    locale: false,
    users: [user],
    ssh_keys: { ed25519_private: hostKey.privateKey, ed25519_public: hostKey.publicKey },
    runcmd,
  };
  const network = { version: 2, ethernets: { net: { match: { macaddress: guest.mac }, "set-name": "net", dhcp4: true } } };
  const files = [
    { path: "meta-data", content: text({ "instance-id": `t-${name}-1`, "local-hostname": name }) },
    { path: "user-data", content: text(userData, "#cloud-config\n") },
    { path: "network-config", content: text(network) },
  ];
  await writeFile(join(directory, "seed.iso"), isoImage({ volumeId: "cidata", files }));
  const definition = (await virsh(host, "dumpxml", "--inactive", name))
    .replace(/<memory unit='KiB'>\d+</, "<memory unit='MiB'>512<")
    .replace(/<currentMemory.*\n/, "");
  const file = join(directory, "domain.xml");
  await writeFile(file, definition);
  await virsh(host, "define", "--validate", file);
  const knownHosts = join(directory, "known_hosts");
  await writeFile(knownHosts, knownHostsFile([{ host: hostKeyAlias(name, "t"), publicKey: hostKey.publicKey }]));
  const sshConfigFile = join(directory, "ssh_config");
  const entry = { sandbox: name, lab: "t", user: "admin", address, identityFile: guest.key, knownHostsFile: knownHosts };
  await writeFile(sshConfigFile, sshConfig([{ ...entry, proxyCommand: proxyCommand(host) }]));
  targets[name] = {
    sandbox: sandbox({ name, writtenAs: name, nics: [nic({ network: "net", name: "net", mac: guest.mac, address })] }),
    nameOnHost: name,
    hypervisor: kvmHypervisor(host.uri),
    sshConfigFile,
    accelerator: "tcg",
    proxyCommand: proxyCommand(host),
    instanceId: `t-${name}-1`,
  };
}

function target(name: string, rest: Partial<ReadyTarget> = {}): ReadyTarget {
  const found = targets[name];
  if (!found) throw new Error(`no guest ${name}`);
  return { ...found, ...rest };
}

test("of two Debian guests that boot at the same time one is ready, and the other's failed runcmd is told without its secrets", async () => {
  await virsh(host, "start", "good");
  await virsh(host, "start", "bad");
  const progress: ReadyProgress[] = [];
  const report = await waitUntilReady([target("good"), target("bad")], {
    env: {},
    redact: (text) => text.replaceAll("the-secret", "***"),
    onProgress: (step) => progress.push(step),
  });
  expect(report.sandboxes).toMatchObject([
    { sandbox: "good", state: "ready", warnings: [] },
    {
      sandbox: "bad",
      state: "failed",
      reached: "ssh",
      cause: { code: "CLOUD_INIT_FAILED", detail: expect.stringContaining("Runparts: 1 failures (runcmd)") },
      bundle: {
        agent: "connected",
        nics: [{ addresses: expect.arrayContaining([{ address: "10.77.0.22", source: "lease" }]) }],
        cloudInit: {
          finished: true,
          instanceId: "t-bad-1",
          datasource: expect.stringContaining("NoCloud"),
          output: expect.arrayContaining(["***"]),
        },
      },
    },
  ]);
  expect(JSON.stringify(report)).not.toContain("the-secret");
  expect(progress.filter(({ sandbox }) => sandbox === "good").map(({ state }) => state)).toEqual(
    expect.arrayContaining(["starting", "booting", "address", "ssh", "cloud-init", "ready"]),
  );
  expect(progress.some(({ detail }) => /^waiting for cloud-init: at (init|modules-)/.test(detail))).toBe(true);
});

test("a guest that runs under another instance-id than its seed's did not read the seed", async () => {
  const report = await waitUntilReady([target("good", { instanceId: "t-good-2" })], { env: {} });
  expect(report.sandboxes[0]).toMatchObject({ cause: { code: "SEED_NOT_READ", summary: expect.stringContaining("t-good-1") } });
});

test("without a guest agent cloud-init is read over ssh, with the same result", async () => {
  const { sshConfigFile } = target("good");
  await runOverSsh({ configFile: sshConfigFile, sandbox: "good", command: "sudo systemctl stop qemu-guest-agent" });
  const ready = await waitUntilReady([target("good")], { env: {} });
  expect(ready.ready).toBe(true);
  const other = await waitUntilReady([target("good", { instanceId: "t-good-2" })], { env: {} });
  expect(other.sandboxes[0]).toMatchObject({
    cause: { code: "SEED_NOT_READ" },
    bundle: { agent: "disconnected", cloudInit: { finished: true, output: expect.arrayContaining(["all is well"]) } },
  });
});
