import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inHostNetwork, proxyCommand } from "../../../../lib/host/proxy-command.ts";
import { kvmHypervisor } from "../../../../lib/hypervisor/kvm/kvm-hypervisor.ts";
import type { LabSandbox } from "../../../../lib/lab/lab.ts";
import type { ReadyProgress, ReadyReport, ReadyTarget } from "../../../../lib/ready/target.ts";
import { diagnose, waitUntilReady, type WaitOptions } from "../../../../lib/ready/wait-until-ready.ts";
import { hostKeyAlias } from "../../../../lib/ssh/known-hosts.ts";
import { sshConfig } from "../../../../lib/ssh/ssh-config.ts";
import { makeHost, type RemovableHost } from "../../../fixtures/embedded-host.ts";
import { defineGuest, startNetwork, virsh, type TinyGuest } from "../../../fixtures/tiny-guest.ts";
import { nic, sandbox } from "../../../ready/waited-lab.ts";

const run = promisify(execFile);
const address = "10.77.0.20";
const brokenAddress = "10.77.0.21";

let host: RemovableHost;
let web: TinyGuest;
let broken: TinyGuest;

beforeAll(async () => {
  host = await makeHost();
  await startNetwork(host);
  web = await defineGuest(host, { name: "web", number: 1 });
  broken = await defineGuest(host, { name: "broken", number: 2 });
  for (const [guest, ip] of [
    [web, address],
    [broken, brokenAddress],
  ] as const) {
    await virsh(host, "net-update", "net", "add", "ip-dhcp-host", `<host mac='${guest.mac}' ip='${ip}'/>`, "--live", "--config");
    await writeFile(knownHosts(guest), "");
    const entry = { sandbox: guest.name, lab: "t", user: "admin", address: ip, identityFile: guest.key, knownHostsFile: knownHosts(guest) };
    await writeFile(configFile(guest), sshConfig([{ ...entry, proxyCommand: proxyCommand(host) }]));
  }
  // A disk with nothing on it, and a firmware that says so on the serial console, as Terrarium's own sandboxes have it.
  await run("qemu-img", ["create", "-q", "-f", "qcow2", join(host.disks, "broken", "disk.qcow2"), "1M"]);
  const definition = await virsh(host, "dumpxml", "--inactive", "broken");
  const file = join(host.disks, "broken", "domain.xml");
  await writeFile(file, definition.replace("</os>", "<bios useserial='yes'/></os>"));
  await virsh(host, "define", "--validate", file);
});

afterAll(async () => {
  await host?.remove();
});

const knownHosts = (guest: TinyGuest): string => join(host.disks, guest.name, "known_hosts");
const configFile = (guest: TinyGuest): string => join(host.disks, guest.name, "ssh_config");

function target(guest: TinyGuest, rest: Partial<LabSandbox> = {}): ReadyTarget {
  const ip = guest.name === "web" ? address : brokenAddress;
  const nics = [nic({ network: "net", name: "net", mac: guest.mac, address: ip })];
  return {
    sandbox: sandbox({ name: guest.name, writtenAs: guest.name, nics, ready: "ssh", ...rest }),
    nameOnHost: guest.name,
    hypervisor: kvmHypervisor(host.uri),
    sshConfigFile: configFile(guest),
    accelerator: "tcg",
    proxyCommand: proxyCommand(host),
  };
}

/** Records the key that the guest made for itself, as whoever applies a lab does for a sandbox without a seed. */
async function recordHostKey(): Promise<void> {
  const [program = "", ...args] = inHostNetwork(host, ["ssh-keyscan", "-t", "ed25519", address]);
  const { stdout } = await run(program, args);
  await writeFile(knownHosts(web), stdout.replaceAll(/^\S+(?= ssh-)/gm, hostKeyAlias("web", "t")));
}

const options: WaitOptions = { env: {}, onHostKeyUnknown: recordHostKey };
const within = (seconds: number): LabSandbox["timeouts"] => ({ ready: seconds * 1000, shutdown: 60_000 });

test("a booting guest becomes ready: address, login, then tcp, exec and http probes in the host's own network", async () => {
  await virsh(host, "start", "web");
  const progress: ReadyProgress[] = [];
  const probes = [
    { tcp: 22 },
    { exec: "busybox httpd -p 8080 -h /etc; true" },
    { http: { port: 8080, path: "/hostname", status: 200 } },
  ] as const;
  const report = await waitUntilReady([target(web, { probes })], { ...options, onProgress: (step) => progress.push(step) });
  expect(report.diagnostics).toEqual([]);
  expect(report).toMatchObject({ ready: true, sandboxes: [{ sandbox: "web", state: "ready" }] });
  expect([...new Set(progress.map(({ state }) => state))]).toEqual(["starting", "booting", "address", "ssh", "probes", "ready"]);
  expect(await readFile(knownHosts(web), "utf8")).toContain("ssh-ed25519");
});

test("waiting again for a guest that is ready takes a moment", async () => {
  const report = await waitUntilReady([target(web)], options);
  expect(report.ready).toBe(true);
  expect(report.sandboxes[0]?.elapsed).toBeLessThan(10_000);
});

test("the tiny guest has no cloud-init, and that is said at once", async () => {
  const report = await waitUntilReady([target(web, { ready: "cloudInit" })], options);
  expect(report.sandboxes[0]).toMatchObject({ state: "failed", reached: "ssh", cause: { code: "GUEST_HAS_NO_CLOUD_INIT" } });
  expect(report.sandboxes[0]?.elapsed).toBeLessThan(15_000);
});

async function failing(probe: LabSandbox["probes"][number]): Promise<ReadyReport> {
  return await waitUntilReady([target(web, { probes: [probe], timeouts: within(3) })], options);
}

test("probes that fail are told with what was found, and the bundle holds the facts of the real machine", async () => {
  expect((await failing({ tcp: 81 })).sandboxes[0]).toMatchObject({
    cause: { summary: expect.stringContaining("found connection refused") },
  });
  const wrongStatus = await failing({ http: { port: 8080, path: "/no-such-file", status: 200 } });
  expect(wrongStatus.sandboxes[0]).toMatchObject({ cause: { summary: expect.stringContaining("found status 404") } });
  const report = await failing({ exec: "echo out; echo err >&2; exit 9" });
  expect(report.sandboxes[0]).toMatchObject({
    cause: { code: "PROBE_FAILED", summary: expect.stringContaining("found exit code 9"), detail: "out\nerr" },
    bundle: {
      machine: { state: "running", reason: "booted" },
      nics: [{ expected: address, addresses: [{ address, source: "lease" }] }],
      console: { lines: expect.arrayContaining(["READY"]) },
      unread: [],
    },
  });
});

test("a guest whose disk does not boot is given up after half a minute, with the firmware's words", async () => {
  await virsh(host, "start", "broken");
  const report = await waitUntilReady([target(broken)], options);
  expect(report.sandboxes[0]).toMatchObject({
    state: "failed",
    reached: "booting",
    cause: { code: "GUEST_CANNOT_BOOT", summary: expect.stringContaining("found no disk to boot from") },
    bundle: { nics: [{ sent: 0, addresses: [] }], console: { sign: { kind: "noBootDisk" } } },
  });
  expect(report.sandboxes[0]?.elapsed).toBeLessThan(90_000);
});

test("a guest that is cut off while somebody waits fails at once, and others go on", async () => {
  let cut: Promise<string> | undefined;
  const report = await waitUntilReady([target(broken), target(web)], {
    ...options,
    onProgress: ({ sandbox, state }) => {
      if (sandbox === "broken" && state === "booting") cut ??= virsh(host, "destroy", "broken");
    },
  });
  await cut;
  expect(report.sandboxes).toMatchObject([
    { sandbox: "broken", state: "failed", cause: { code: "SANDBOX_NOT_RUNNING", summary: expect.stringContaining("is off (destroyed)") } },
    { sandbox: "web", state: "ready" },
  ]);
});

test("a signal ends the wait, and leaves no program behind", async () => {
  const stop = new AbortController();
  const never = target(web, { probes: [{ exec: "sleep 600" }] });
  const report = await waitUntilReady([never], {
    ...options,
    signal: stop.signal,
    onProgress: ({ state }) => {
      if (state === "probes") setTimeout(() => stop.abort(), 500);
    },
  });
  expect(report).toMatchObject({ ready: false, interrupted: true, diagnostics: [] });
  const { stdout } = await run("ps", ["-eo", "args"]);
  expect(stdout.split("\n").filter((line) => line.startsWith("ssh ") && line.includes(host.root))).toEqual([]);
});

test("a sandbox can be looked at without a reason", async () => {
  const bundle = await diagnose(target(web));
  expect(bundle).toMatchObject({ machine: { state: "running" }, nics: [{ addresses: [{ address }] }], hints: expect.any(Array) });
  expect(bundle.cause).toBeUndefined();
});
