import { expect, test } from "vitest";
import type { LabSandbox } from "../../lib/lab/lab.ts";
import type { ReadyProgress, ReadyReport, ReadyTarget } from "../../lib/ready/target.ts";
import { waitUntilReady, type WaitOptions } from "../../lib/ready/wait-until-ready.ts";
import { scriptedGuest, type GuestScript } from "./scripted-guest.ts";
import { ScriptedHypervisor, type Script } from "./scripted-hypervisor.ts";
import { VirtualClock } from "./virtual-clock.ts";
import { address, cloudInitAt, cloudInitFiles, leases, mac, nic, overSsh, targetOf } from "./waited-lab.ts";

interface Story {
  readonly host?: Script;
  readonly guest?: GuestScript;
  readonly sandbox?: Partial<LabSandbox>;
  readonly target?: Partial<ReadyTarget>;
  readonly options?: Partial<WaitOptions>;
}

/** Waits for one sandbox; time costs nothing. */
async function play({ host = () => ({ leases }), guest, sandbox, target, options }: Story) {
  const clock = new VirtualClock();
  const hypervisor = new ScriptedHypervisor(clock, { "lab-web": host });
  const progress: ReadyProgress[] = [];
  const report: ReadyReport = await waitUntilReady([targetOf(hypervisor, sandbox, target)], {
    env: {},
    clock,
    access: () => scriptedGuest(clock, guest),
    onProgress: (step) => progress.push(step),
    ...options,
  });
  const [outcome] = report.sandboxes;
  return {
    report,
    outcome,
    progress,
    states: [...new Set(progress.map(({ state }) => state))],
    seconds: (outcome?.elapsed ?? 0) / 1000,
    hypervisor,
  };
}

const finished = { run: () => ({ stdout: overSsh(cloudInitFiles()) }) };

test("a sandbox is ready stage by stage, and each stage is told with what it waits for", async () => {
  const { outcome, progress } = await play({
    host: (t) =>
      t < 5
        ? {}
        : { leases, agent: t < 20 ? "disconnected" : "connected", files: t < 40 ? cloudInitAt("modules-config") : cloudInitFiles() },
    guest: {
      run: (command, t) => (t < 12 ? { failure: "SSH_REFUSED" } : { stdout: command === "exit 0" ? "" : overSsh(cloudInitAt("init")) }),
      talk: (_port, t) => (t < 50 ? { kind: "refused" } : { kind: "answered", received: "" }),
    },
    sandbox: { probes: [{ tcp: 80 }] },
  });
  expect(outcome).toMatchObject({ state: "ready", warnings: [] });
  expect(progress.map(({ state, detail }) => `${state}: ${detail}`)).toEqual([
    "starting: waiting for its host to start it",
    "booting: it runs",
    "booting: waiting for 10.20.0.5 in front",
    "address: 10.20.0.5",
    "address: waiting for ssh: connection refused",
    "ssh: a login works",
    "ssh: waiting for cloud-init: at init",
    "ssh: waiting for cloud-init: at modules-config",
    "cloud-init: cloud-init has finished",
    "probes: waiting for probe tcp 80",
    "probes: waiting for probe tcp 80: connection refused",
    "ready: ",
  ]);
  expect(progress.map(({ elapsed }) => elapsed)).toEqual(progress.map(({ elapsed }) => elapsed).toSorted((a, b) => a - b));
});

test.each([
  ["none", ["starting", "booting", "ready"]],
  ["address", ["starting", "booting", "address", "ready"]],
  ["ssh", ["starting", "booting", "address", "ssh", "ready"]],
  ["cloudInit", ["starting", "booting", "address", "ssh", "cloud-init", "ready"]],
] as const)("ready: %s goes exactly that far", async (ready, expected) => {
  const { states } = await play({ sandbox: { ready }, guest: finished });
  expect(states).toEqual(expected);
});

test("what never comes ends with the deadline: 5 minutes with KVM, 15 under emulation, IP_DISCOVERY_TIMEOUT or the lab's own", async () => {
  const never = { host: () => ({ sent: 0 }) };
  expect((await play(never)).seconds).toBe(300);
  expect((await play({ ...never, target: { accelerator: "tcg" } })).seconds).toBe(900);
  expect((await play({ ...never, options: { env: { IP_DISCOVERY_TIMEOUT: "2m" } } })).seconds).toBe(120);
  expect((await play({ ...never, sandbox: { timeouts: { ready: 7000, shutdown: 1 } } })).seconds).toBe(7);
});

test("a wrong IP_DISCOVERY_TIMEOUT is an error before anything is waited for", async () => {
  await expect(play({ options: { env: { IP_DISCOVERY_TIMEOUT: "soon" } } })).rejects.toMatchObject({
    diagnostics: [{ code: "BAD_DURATION" }],
  });
});

test("a guest that never spoke is reported as such, with its counters", async () => {
  const { report, outcome } = await play({ host: () => ({ sent: 0, console: "[    0.1] Linux\r\n" }) });
  expect(outcome).toMatchObject({
    state: "failed",
    reached: "booting",
    cause: { code: "NO_ADDRESS" },
    bundle: { nics: [{ expected: address, sent: 0, received: 180 }] },
  });
  expect(report.ready).toBe(false);
  expect(report.diagnostics).toMatchObject([{ code: "NOT_READY", severity: "error", path: ["sandboxes", "web"] }]);
  expect(report.diagnostics[0]?.summary).toBe(
    'sandbox "web" is not ready after 300 s: sandbox "web" did not get its address: expected 10.20.0.5 in front, found none',
  );
  expect(report.diagnostics[0]?.detail).toContain("TX 0, RX 180 bytes: the guest never spoke");
  expect(report.diagnostics[0]?.nextStep).toContain("nothing configured its NIC");
});

test("a sandbox that has another address than planned is told so", async () => {
  const { outcome } = await play({ host: () => ({ leases: { [mac]: "10.20.0.99" } }) });
  expect(outcome).toMatchObject({
    cause: { code: "NO_ADDRESS", summary: expect.stringContaining("front has 10.20.0.99 instead") },
    bundle: { hints: [expect.stringContaining("instead of 10.20.0.5"), expect.anything()] },
  });
});

test("a lease from before the start does not count until the guest has spoken", async () => {
  const { seconds } = await play({ host: (t) => ({ leases, sent: t < 30 ? 0 : 500 }), sandbox: { ready: "address" } });
  expect(seconds).toBeGreaterThanOrEqual(30);
});

test("every NIC that we configured must have its address; without our configuration one is enough", async () => {
  const nics = [nic(), nic({ network: "back", name: "back", mac: "02:00:00:00:00:02", address: "10.21.0.5" })];
  const both = await play({ sandbox: { nics, ready: "address" } });
  expect(both.outcome).toMatchObject({ cause: { summary: expect.stringContaining("10.21.0.5 in back") } });
  const own = await play({ sandbox: { nics, ready: "address", seed: "none" }, host: () => ({ leases: { [mac]: "10.20.0.77" } }) });
  expect(own.outcome).toMatchObject({ state: "ready" });
});

test("a static address, which has no lease, is there when anything at it answers, or the agent says so", async () => {
  const nics = [nic({ addressing: "static" })];
  const sandbox = { nics, ready: "address" } as const;
  const refusing = await play({
    sandbox,
    host: () => ({}),
    guest: { talk: (_port, t) => (t < 9 ? { kind: "silent", detail: "no route" } : { kind: "refused" }) },
  });
  expect(refusing.outcome).toMatchObject({ state: "ready" });
  expect(refusing.seconds).toBeGreaterThanOrEqual(9);
  const agent = await play({
    sandbox,
    host: () => ({ agent: "connected", agentAddresses: leases }),
    guest: { talk: () => ({ kind: "silent", detail: "" }) },
  });
  expect(agent.outcome).toMatchObject({ state: "ready" });
});

test.each([
  [{ state: "off", reason: "shutdown" }, "is off (shutdown)", { lines: ["last words"] }],
  [{ state: "crashed", reason: "crashed" }, "has crashed (crashed)", { lines: ["last words"] }],
  [{ state: "absent" }, "is not on its host", undefined],
] as const)("a sandbox that is %o fails at once, with its console", async (end, words, console) => {
  const { outcome, seconds } = await play({ host: (t) => ({ ...(t < 10 ? {} : end), console: "last words\n" }) });
  expect(seconds).toBeLessThan(14);
  expect(outcome).toMatchObject({
    state: "failed",
    cause: { code: "SANDBOX_NOT_RUNNING", summary: expect.stringContaining(words) },
    bundle: { console },
  });
});

test("a pause that passes is waited for, one that stays is not", async () => {
  const passing = await play({
    host: (t) => (t < 5 ? { state: "paused", reason: "starting up" } : { leases }),
    sandbox: { ready: "address" },
  });
  expect(passing.outcome).toMatchObject({ state: "ready" });
  const staying = await play({ host: () => ({ state: "paused", reason: "ioerror" }) });
  expect(staying.outcome).toMatchObject({ cause: { code: "SANDBOX_PAUSED", nextStep: expect.stringContaining("full disk") } });
  expect(staying.seconds).toBeLessThan(15);
});

test("a kernel panic that stays on the console ends the wait early; one that a reboot has passed does not", async () => {
  const panic = "[    1.2] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)\r\n";
  const staying = await play({ host: () => ({ sent: 0, console: panic }) });
  expect(staying.outcome).toMatchObject({ cause: { code: "GUEST_CANNOT_BOOT" }, bundle: { console: { sign: { kind: "noRootDisk" } } } });
  expect(staying.seconds).toBeLessThan(60);
  const passed = await play({
    host: (t) => ({ leases: t < 60 ? {} : leases, console: t < 12 ? panic : panic + "booting\n".repeat(60) }),
    sandbox: { ready: "address" },
  });
  expect(passed.outcome).toMatchObject({ state: "ready" });
});

test("another host key, or a refused login, ends the wait only when it lasts; three times as long under emulation", async () => {
  const denied = { guest: { run: () => ({ failure: "SSH_PERMISSION_DENIED" as const }) } };
  expect((await play(denied)).seconds).toBeCloseTo(60, -1);
  expect((await play({ ...denied, target: { accelerator: "tcg" } })).seconds).toBeCloseTo(180, -1);
  const replaced = await play({
    sandbox: { ready: "ssh" },
    guest: {
      run: (_command, t) =>
        t < 20
          ? { failure: "SSH_HOST_KEY_CHANGED" }
          : t < 40
            ? { failure: "SSH_REFUSED" }
            : t < 60
              ? { failure: "SSH_HOST_KEY_CHANGED" }
              : {},
    },
  });
  expect(replaced.outcome).toMatchObject({ state: "ready" });
});

test("an unknown host key is handed to who can record it", async () => {
  let recorded = false;
  const { outcome } = await play({
    sandbox: { ready: "ssh", seed: "none" },
    guest: { run: () => (recorded ? {} : { failure: "SSH_HOST_KEY_UNKNOWN" }) },
    options: {
      onHostKeyUnknown: ({ sandbox }) => {
        recorded = sandbox.name === "web";
        return Promise.resolve();
      },
    },
  });
  expect(outcome).toMatchObject({ state: "ready" });
});

test("a host that is away for a moment is waited for, one that stays away is not", async () => {
  const back = await play({
    host: (t) => (t > 3 && t < 9 ? { hostLost: true } : { leases: t < 12 ? {} : leases }),
    sandbox: { ready: "address" },
  });
  expect(back.outcome).toMatchObject({ state: "ready" });
  const away = await play({ host: (t) => (t > 3 ? { hostLost: true } : {}) });
  expect(away.outcome).toMatchObject({ cause: { code: "HOST_LOST" }, bundle: { unread: [expect.stringContaining("state: ")] } });
  expect(away.seconds).toBeLessThan(25);
});

test("a guest without cloud-init is told at once, with the way out", async () => {
  const { outcome, seconds } = await play({ guest: { run: () => ({ stdout: "" }) } });
  expect(seconds).toBeLessThan(5);
  expect(outcome).toMatchObject({
    cause: { code: "GUEST_HAS_NO_CLOUD_INIT", nextStep: expect.stringContaining("ready: ssh") },
    bundle: { cloudInit: { installed: false } },
  });
});

test.each([
  ["CLOUD_INIT_FAILED", { errors: ["('scripts-user', RuntimeError('Runparts: 1 failures (runcmd) in 1 attempted commands'))"] }],
  ["SEED_NOT_READ", { datasource: "DataSourceNone" }],
  ["SEED_NOT_READ", { instanceId: "test-vm-arm64" }],
] as const)("cloud-init that finished with %s fails at once", async (code, files) => {
  const { outcome, seconds } = await play({
    guest: { run: () => ({ stdout: overSsh(cloudInitFiles(files)) }) },
    target: { instanceId: "lab-web-1" },
  });
  expect(seconds).toBeLessThan(5);
  expect(outcome).toMatchObject({ state: "failed", reached: "ssh", cause: { code } });
});

test("a switched-off cloud-init fails at once", async () => {
  const { outcome } = await play({ guest: { run: () => ({ stdout: "@@terrarium installed\n@@terrarium disabled\n" }) } });
  expect(outcome).toMatchObject({ cause: { code: "CLOUD_INIT_DISABLED" }, bundle: { cloudInit: { disabled: true } } });
});

test("recoverable errors of cloud-init are a warning, and the sandbox is ready", async () => {
  const status = { v1: { stage: null, init: { errors: [], recoverable_errors: { WARNING: ["no locale"], DEPRECATED: ["old key"] } } } };
  const files = { ...cloudInitFiles(), "/run/cloud-init/status.json": JSON.stringify(status) };
  const { report } = await play({ guest: { run: () => ({ stdout: overSsh(files) }) } });
  expect(report.ready).toBe(true);
  expect(report.diagnostics.map(({ code, severity, detail }) => [code, severity, detail])).toEqual([
    ["CLOUD_INIT_DEGRADED", "warning", "no locale"],
    ["CLOUD_INIT_DEGRADED", "notice", "old key"],
  ]);
});

test("probes run one after the other, and the failing one is named with what it said, without secrets", async () => {
  const { outcome, report } = await play({
    sandbox: { ready: "ssh", probes: [{ tcp: 22 }, { exec: "check-me" }], timeouts: { ready: 30_000, shutdown: 1 } },
    guest: {
      run: (command) => (command === "check-me" ? { exitCode: 3, stdout: "password=hunter2\n" } : {}),
      talk: () => ({ kind: "answered", received: "" }),
    },
    options: { redact: (text) => text.replaceAll("hunter2", "***") },
  });
  expect(outcome).toMatchObject({
    reached: "probes",
    cause: {
      code: "PROBE_FAILED",
      summary: 'probe "exec check-me" of sandbox "web": expected exit code 0, found exit code 3',
      detail: "password=***",
    },
  });
  expect(JSON.stringify(report)).not.toContain("hunter2");
});

const answering = (received: string): GuestScript => ({ talk: () => ({ kind: "answered", received }) });

test("an HTTP probe wants the status it names", async () => {
  const http = { port: 80, path: "/", status: 200 };
  const sandbox = { ready: "address", probes: [{ http }], timeouts: { ready: 20_000, shutdown: 1 } } as const;
  expect((await play({ sandbox, guest: answering("HTTP/1.1 200 OK\r\n") })).outcome).toMatchObject({ state: "ready" });
  expect((await play({ sandbox, guest: answering("HTTP/1.0 503 Busy\r\n") })).outcome).toMatchObject({
    cause: { summary: expect.stringContaining("found status 503") },
  });
  expect((await play({ sandbox, guest: answering("SSH-2.0-x\r\n") })).outcome).toMatchObject({
    cause: { summary: expect.stringContaining("not HTTP") },
  });
});

test("a signal ends the wait at once, and is no failure", async () => {
  const stop = new AbortController();
  const { report } = await play({
    host: (t) => {
      if (t > 10) stop.abort();
      return {};
    },
    options: { signal: stop.signal },
  });
  expect(report).toMatchObject({
    ready: false,
    interrupted: true,
    diagnostics: [],
    sandboxes: [{ state: "interrupted", reached: "booting" }],
  });
});

test("what nobody expected ends all waits and is thrown", async () => {
  await expect(
    play({
      host: () => {
        throw new TypeError("a bug");
      },
    }),
  ).rejects.toThrow("a bug");
});

test("a hundred sandboxes are waited for at the same time, and the host is asked once a second for all", async () => {
  const clock = new VirtualClock();
  const names = Array.from({ length: 100 }, (_, index) => `web-${index + 1}`);
  const hypervisor = new ScriptedHypervisor(
    clock,
    Object.fromEntries(names.map((name, index) => [`lab-${name}`, (t: number) => (t < 20 + index / 10 ? {} : { leases })])),
  );
  const targets = names.map((name) => targetOf(hypervisor, { name, ready: "address" }));
  const report = await waitUntilReady(targets, { env: {}, clock, access: () => scriptedGuest(clock) });
  expect(report.ready).toBe(true);
  expect(report.sandboxes.map(({ sandbox }) => sandbox)).toEqual(names);
  expect(clock.now()).toBeLessThan(35_000);
  expect(hypervisor.calls.listSandboxes).toBeLessThan(40);
});
